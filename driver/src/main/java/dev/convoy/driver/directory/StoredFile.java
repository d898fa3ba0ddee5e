package dev.convoy.driver.directory;

import dev.convoy.data.Text;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file as it is read, in which a store that does not answer, such as one whose data node is gone
 * or that asks to slow down, is told from a file that is damaged.
 */
final class StoredFile extends FilterInputStream {
  private final Path path;

  private StoredFile(InputStream in, Path path) {
    super(in);
    this.path = path;
  }

  /**
   * Opens a file.
   *
   * @throws FileNotFoundException if it is not there
   * @throws UnavailableException if the store does not give it, here or when it is read
   */
  static StoredFile open(FileSystem files, Path path) throws IOException {
    try {
      return new StoredFile(files.open(path), path);
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException e) {
      throw new UnavailableException(path, e);
    }
  }

  /** The store does not give a file that may be whole. */
  static final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnavailableException(Path path, IOException cause) {
      super(
          Text.of(
              "the file system does not give %s, which may be whole (%s); give the same command"
                  + " again when it does, or remove that file to go on from the one before",
              path.getName(), Text.firstLine(cause)),
          cause);
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw meaning(e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return super.read(target, offset, length);
    } catch (IOException e) {
      throw meaning(e);
    }
  }

  /** On HDFS, bytes that no replica has as they were written are damage. */
  private IOException meaning(IOException failure) {
    return failure instanceof ChecksumException ? failure : new UnavailableException(path, failure);
  }
}
