package dev.convoy.driver.directory;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
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
    Optional<FileStatus> before = status(target);
    FSDataOutputStream upload = files.create(target, true);
    try {
      content.writeTo(upload);
      beforeReplacing.run();
    } catch (IOException | RuntimeException | Error e) {
      giveUp(upload, e);
      throw e;
    }
    long bytes = upload.getPos();
    try {
      upload.close();
    } catch (IOException e) {
      if (!hasTakenEffect(target, bytes, before)) {
        throw e;
      }
    }
  }

  /**
   * Whether an upload is there although its end failed: where the store's answer to that is lost,
   * it is asked to end the upload once more, and knows of none.
   */
  private boolean hasTakenEffect(Path target, long bytes, Optional<FileStatus> before)
      throws IOException {
    Optional<FileStatus> after = status(target);
    return after.filter(file -> file.getLen() == bytes).isPresent()
        && (before.isEmpty() || isAnother(before.get(), after.get()));
  }

  private static boolean isAnother(FileStatus before, FileStatus after) {
    return before instanceof EtagSource then
        && after instanceof EtagSource now
        && then.getEtag() != null
        && now.getEtag() != null
        && !then.getEtag().equals(now.getEtag());
  }

  private Optional<FileStatus> status(Path file) throws IOException {
    try {
      return Optional.of(files.getFileStatus(file));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
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
