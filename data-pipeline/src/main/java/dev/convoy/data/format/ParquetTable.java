package dev.convoy.data.format;

import dev.convoy.data.DataException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/**
 * An open Parquet file, of which one column is read forwards. What the file system fails at is
 * thrown as it came; whatever else goes wrong is the file's fault.
 */
final class ParquetTable implements Closeable {
  /** The part of the heap that a column of a row group may take. */
  private static final int HEAP_SHARE = 8;

  private final Path file;
  private final ParquetFileReader reader;
  private final List<BlockMetaData> groups;
  private final MessageType schema;
  private final long mostBytes;
  private IOException failure;

  /** The column that is read, and where it is. */
  private ColumnDescriptor column;

  private ColumnReader values;
  private int nextGroup;

  /** The row of the table that the next value belongs to, and the first of the next row group. */
  private long row;

  private long nextGroupRow;

  /** Something that Parquet's own library does. */
  private interface Step<T> {
    T run() throws IOException;
  }

  ParquetTable(Path file, Configuration hadoop) throws IOException {
    this(file, hadoop, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
  }

  ParquetTable(Path file, Configuration hadoop, long mostBytes) throws IOException {
    this.file = file;
    this.mostBytes = mostBytes;
    FileSystem files = Locations.fileSystem(ParquetSource.WHAT, file, hadoop);
    long length;
    try {
      length = files.getFileStatus(file).getLen();
    } catch (IOException e) {
      throw Locations.unreachable(ParquetSource.WHAT, "a file", file, e);
    }
    ParquetReadOptions options =
        ParquetReadOptions.builder()
            .usePageChecksumVerification(true)
            .withCodecFactory(new ParquetDecompression(hadoop, mostBytes))
            .build();
    reader = step(() -> ParquetFileReader.open(new Input(files, length), options));
    groups = reader.getRowGroups();
    schema = reader.getFileMetaData().getSchema();
  }

  /** Names and types of the columns. */
  MessageType schema() {
    return schema;
  }

  /** How many rows there are. */
  long rows() {
    return groups.stream().mapToLong(BlockMetaData::getRowCount).sum();
  }

  /** Chooses the column that is read from now on, from the first row on. */
  void read(ColumnDescriptor chosen) throws IOException {
    column = chosen;
    for (BlockMetaData group : groups) {
      requireFitting(group);
    }
    step(
        () -> {
          reader.setRequestedSchema(ParquetColumns.only(schema, chosen));
          return null;
        });
  }

  /**
   * Goes to a row of the chosen column, no earlier one than before.
   *
   * @param value reads what is there, which is decoded only then
   * @return the value there; empty where there is none
   */
  <T> Optional<T> at(long wanted, Function<ColumnReader, T> value) throws IOException {
    return step(
        () -> {
          while (wanted >= nextGroupRow) {
            nextGroup(wanted);
          }
          for (; row < wanted; row++) {
            if (isThere()) {
              values.skip();
            }
            values.consume();
          }
          return isThere() ? Optional.of(value.apply(values)) : Optional.empty();
        });
  }

  /** Whether the row has a value. */
  private boolean isThere() {
    return values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel();
  }

  private void nextGroup(long wanted) throws IOException {
    if (nextGroup == groups.size()) {
      throw new EOFException("no row " + wanted);
    }
    row = nextGroupRow;
    nextGroupRow += groups.get(nextGroup).getRowCount();
    nextGroup++;
    if (wanted >= nextGroupRow) {
      reader.skipNextRowGroup();
      return;
    }
    PageReadStore pages = reader.readNextRowGroup();
    MessageType only = ParquetColumns.only(schema, column);
    ColumnDescriptor alone = only.getColumns().get(0);
    if (pages.getPageReader(alone).getTotalValueCount() != nextGroupRow - row) {
      throw new IOException("another number of values than of rows");
    }
    values =
        new ColumnReadStoreImpl(
                pages,
                new GroupRecordConverter(only).getRootConverter(),
                only,
                reader.getFileMetaData().getCreatedBy())
            .getColumnReader(alone);
  }

  private void requireFitting(BlockMetaData group) {
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (chunk.getPath().equals(ColumnPath.get(column.getPath()))
          && Math.max(chunk.getTotalSize(), chunk.getTotalUncompressedSize()) > mostBytes) {
        throw DataException.cannot(
            "read " + ParquetSource.WHAT,
            "row groups of at most " + (mostBytes >> 20) + " MiB, an eighth of the heap",
            (chunk.getTotalUncompressedSize() >> 20) + " MiB",
            file,
            "Write smaller ones (parquet.block.size), or give the JVM more heap.");
      }
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private <T> T step(Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      if (failure != null) {
        throw failure;
      }
      String reason = e instanceof OutOfMemoryError ? "pages beyond memory" : e.getMessage();
      throw DataException.cannot(
          "read " + ParquetSource.WHAT,
          "a whole Parquet file",
          reason == null
              ? "values that contradict each other"
              : reason.lines().findFirst().orElse("").strip(),
          file,
          "Write it again.",
          e);
    }
  }

  /** The file, whose failures are kept apart from those that its content causes. */
  private final class Input implements InputFile {
    private final FileSystem files;
    private final long length;

    Input(FileSystem files, long length) {
      this.files = files;
      this.length = length;
    }

    @Override
    public long getLength() {
      return length;
    }

    /** What Parquet's own messages begin with. */
    @Override
    public String toString() {
      return "a file that";
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
      FSDataInputStream stream = files.open(file);
      return new DelegatingSeekableInputStream(new Noting(stream)) {
        @Override
        public long getPos() throws IOException {
          return stream.getPos();
        }

        @Override
        public void seek(long position) throws IOException {
          if (position < 0 || position > length) {
            throw new EOFException("a place beyond its end");
          }
          stream.seek(position);
        }
      };
    }
  }

  private final class Noting extends FilterInputStream {
    Noting(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
      try {
        return super.read(into, offset, most);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
