package dev.convoy.driver.directory;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files, of which checkpoints are not given when they are opened or when they are read. */
public final class SilentFileSystem extends RawLocalFileSystem {
  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    if (!path.getName().startsWith("checkpoint")) {
      return super.open(path, bufferSize);
    }
    if (!getConf().getBoolean("test.opens", false)) {
      throw new IOException("503 Slow Down");
    }
    InputStream whole = super.open(path, bufferSize);
    return new FSDataInputStream(
        new FSInputStream() {
          @Override
          public int read() throws IOException {
            whole.close();
            throw new IOException("503 Slow Down");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return read();
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
        });
  }
}
