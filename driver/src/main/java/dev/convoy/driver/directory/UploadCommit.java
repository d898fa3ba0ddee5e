package dev.convoy.driver.directory;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Writes the target itself: for stores of objects, where a rename is a copy, and an object is
 * there, whole and in place of the former one, when its upload has ended, which is when its stream
 * is closed. So a stream is closed only once all is written; otherwise the upload is given up, and
 * what a killed process had uploaded is never seen.
 */
final class UploadCommit extends Commit {
  UploadCommit(FileSystem files) {
    super(files);
  }

  @Override
  void write(Path target, Path temporary, FileContent content, Runnable beforeReplacing)
      throws IOException {
    FSDataOutputStream upload = files.create(target, true);
    try {
      content.writeTo(upload);
      beforeReplacing.run();
    } catch (IOException | RuntimeException | Error e) {
      giveUp(upload, e);
      throw e;
    }
    upload.close();
  }

  /** A stream that cannot be aborted is left alone: to close it would put a torn object there. */
  private static void giveUp(FSDataOutputStream upload, Throwable reason) {
    if (upload.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
      try {
        upload.abort();
      } catch (RuntimeException e) {
        reason.addSuppressed(e);
      }
    }
  }

  @Override
  void stage(Path staged, FileContent content) throws IOException {
    write(staged, staged, content, () -> {});
  }

  /** The store copies it, so that its bytes do not come here. */
  @Override
  void name(Path staged, Path target) throws IOException {
    try {
      files.delete(target, false);
      rename(staged, target);
    } catch (IOException | RuntimeException e) {
      deleteQuietly(staged, e);
      throw e;
    }
  }

  @Override
  void overwrite(Path staged, Path target, FileContent content) throws IOException {
    write(target, staged, content, () -> {});
    files.delete(staged, false);
  }
}
