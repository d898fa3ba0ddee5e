package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fails while a container file is opened. */
class RecordStreamTest {
  private static String failing;
  private static int closed;

  private final Configuration hadoop = new Configuration(false);

  /** Empty files behind a connection that ends. */
  public static final class Remote extends RawLocalFileSystem {
    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      failIn("status");
      return new FileStatus(0, false, 1, 1, 0, path);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferBytes) throws IOException {
      failIn("open");
      if (failing.equals("handle")) {
        throw new FileNotFoundException(path + " (Too many open files)");
      }
      return new FSDataInputStream(new Content());
    }
  }

  private static final class Content extends FSInputStream {
    @Override
    public int read() throws IOException {
      return read(new byte[1], 0, 1);
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (failing.equals("read")) {
        throw new IOException("Connection reset");
      }
      return -1;
    }

    @Override
    public void seek(long position) {}

    @Override
    public long getPos() {
      return 0;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private static void failIn(String place) throws IOException {
    if (place.equals(failing)) {
      throw new EOFException("End of File Exception between local host and namenode");
    }
  }

  @BeforeEach
  void nothingFails() {
    hadoop.setClass("fs.remote.impl", Remote.class, FileSystem.class);
    failing = "nothing";
    closed = 0;
  }

  private RecordStream open(String name) throws IOException {
    return RecordStream.open("records", new Path("remote:/" + name), hadoop);
  }

  /** HDFS reports a connection that was closed as the end of a file. */
  @ParameterizedTest
  @CsvSource({"status, a", "open, a", "status, a.gz", "open, a.gz"})
  void aConnectionThatEndsIsReportedAsItCame(String place, String name) {
    failing = place;

    assertThatThrownBy(() -> open(name))
        .isExactlyInstanceOf(EOFException.class)
        .hasMessageStartingWith("End of File Exception between ");
  }

  /** Java says so as if the file were not there. */
  @Test
  void aFileForWhichTheMachineHasNoHandleIsNotMissing() {
    failing = "handle";

    assertThatThrownBy(() -> open("a"))
        .isExactlyInstanceOf(FileNotFoundException.class)
        .hasMessage("remote:/a (Too many open files)");
  }

  @Test
  void aFileThatCannotBeUnzippedIsClosed() {
    assertThatThrownBy(() -> open("a.gz"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot read records: expected gzip data, found other bytes, in ");
    assertThat(closed).isEqualTo(1);

    failing = "read";
    assertThatThrownBy(() -> open("a.gz"))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Connection reset");
    assertThat(closed).isEqualTo(2);
  }

  @Test
  void aFileThatIsNotZippedIsOpenUntilItIsClosed() throws IOException {
    RecordStream stream = open("a");
    assertThat(closed).isZero();
    stream.close();
    assertThat(closed).isEqualTo(1);
  }
}
