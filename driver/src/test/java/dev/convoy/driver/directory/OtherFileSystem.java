package dev.convoy.driver.directory;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files as another kind of file system shows them, for a process that may be killed after any
 * number of changes.
 */
abstract class OtherFileSystem extends RawLocalFileSystem {
  private static final int BUFFER = 1 << 12;
  private static final String LOSES_ANSWERS = "test.loses-answers";
  private static final String LOSES_UPLOADS = "test.loses-uploads";
  private static final String CHANGES = "test.changes-before-the-kill";

  private URI uri;
  private int changesLeft;

  /** The process has been killed: nothing that it does has any effect from now on. */
  static final class KilledError extends Error {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A store of objects, such as S3: an object is there when its upload has ended, and nothing is
   * renamed over another. Its scheme is {@code objects}.
   */
  public static final class Objects extends OtherFileSystem {
    @Override
    FSDataOutputStream open(Path path, boolean overwrite) throws IOException {
      if (!overwrite && exists(path)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      return new FSDataOutputStream(new Upload(path), null);
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
      return switch (capability) {
        case CommonPathCapabilities.ABORTABLE_STREAM -> true;
        case CommonPathCapabilities.FS_APPEND -> false;
        default -> super.hasPathCapability(path, capability);
      };
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      FileStatus status = super.getFileStatus(path);
      return status.isDirectory() ? status : new Tagged(status, pathToFile(path));
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
      throw new UnsupportedOperationException("append");
    }

    /** With the tag of an object, which follows from its content. */
    private static final class Tagged extends FileStatus implements EtagSource {
      private static final long serialVersionUID = 1L;
      private final String tag;

      Tagged(FileStatus status, File file) throws IOException {
        super(status.getLen(), false, 1, 1, status.getModificationTime(), status.getPath());
        try {
          tag = Integer.toHexString(Arrays.hashCode(Files.readAllBytes(file.toPath())));
        } catch (NoSuchFileException e) {
          throw new FileNotFoundException(file.toString());
        }
      }

      @Override
      public String getEtag() {
        return tag;
      }
    }

    private final class Upload extends ByteArrayOutputStream
        implements Abortable, StreamCapabilities {
      private final Path path;
      private boolean ended;

      Upload(Path path) {
        this.path = path;
      }

      @Override
      public void close() throws IOException {
        if (!ended) {
          ended = true;
          change();
          File target = pathToFile(path);
          Files.createDirectories(target.toPath().getParent());
          java.nio.file.Path whole = Files.createTempFile("object", null);
          Files.write(whole, toByteArray());
          if (!getConf().getBoolean(LOSES_UPLOADS, false)) {
            Files.move(whole, target.toPath(), StandardCopyOption.ATOMIC_MOVE);
          }
          if (getConf().getBoolean(LOSES_ANSWERS, false)) {
            throw new IOException("no such upload");
          }
        }
      }

      @Override
      public AbortableResult abort() {
        ended = true;
        return new AbortableResult() {
          @Override
          public boolean alreadyClosed() {
            return false;
          }

          @Override
          public IOException anyCleanupException() {
            return null;
          }
        };
      }

      @Override
      public boolean hasCapability(String capability) {
        return capability.equals(StreamCapabilities.ABORTABLE_STREAM);
      }
    }
  }

  /**
   * Files that others see while they are written, and that are renamed in one step, but not over
   * another, as on ABFS. Its scheme is {@code shared}.
   */
  public static final class Shared extends OtherFileSystem {
    @Override
    FSDataOutputStream open(Path path, boolean overwrite) throws IOException {
      change();
      return openLocally(path, overwrite);
    }
  }

  /** Where both kinds are found. */
  static Configuration configuration() {
    Configuration hadoop = new Configuration(false);
    hadoop.setClass("fs.objects.impl", Objects.class, FileSystem.class);
    hadoop.setClass("fs.shared.impl", Shared.class, FileSystem.class);
    return hadoop;
  }

  /**
   * The same where the answer to the end of an upload is lost.
   *
   * @param withTheUpload whether the upload is, too
   */
  static Configuration losingAnswers(boolean withTheUpload) {
    Configuration hadoop = configuration();
    hadoop.setBoolean(LOSES_ANSWERS, true);
    hadoop.setBoolean(LOSES_UPLOADS, withTheUpload);
    return hadoop;
  }

  /** The same for a process that will be killed. */
  static Configuration killedAfter(int changes) {
    Configuration hadoop = configuration();
    hadoop.setInt(CHANGES, changes);
    return hadoop;
  }

  @Override
  public void initialize(URI name, Configuration hadoop) throws IOException {
    super.initialize(name, hadoop);
    uri = URI.create(name.getScheme() + ":///");
    changesLeft = hadoop.getInt(CHANGES, Integer.MAX_VALUE);
  }

  @Override
  public URI getUri() {
    return uri == null ? super.getUri() : uri;
  }

  /** Something is about to change. */
  final void change() {
    if (changesLeft-- <= 0) {
      changesLeft = 0;
      throw new KilledError();
    }
  }

  abstract FSDataOutputStream open(Path path, boolean overwrite) throws IOException;

  final FSDataOutputStream openLocally(Path path, boolean overwrite) throws IOException {
    return super.create(path, overwrite, BUFFER, (short) 1, getDefaultBlockSize(path), null);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return open(path, overwrite);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return open(path, overwrite);
  }

  @Override
  public boolean rename(Path source, Path target) throws IOException {
    change();
    return !exists(target) && super.rename(source, target);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    change();
    return super.delete(path, recursive);
  }
}
