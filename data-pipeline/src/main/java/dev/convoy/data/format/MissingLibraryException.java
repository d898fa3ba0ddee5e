package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;

/** A place is on a file system whose library is not on the class path: says what to add. */
public final class MissingLibraryException extends DataException {
  private static final long serialVersionUID = 1L;

  private static final String HADOOP = "org.apache.hadoop:%s:" + VersionInfo.getVersion();

  /** By scheme, what brings a file system that Hadoop itself has not. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "s3a", Text.of(HADOOP, "hadoop-aws"),
          "abfs", Text.of(HADOOP, "hadoop-azure"),
          "abfss", Text.of(HADOOP, "hadoop-azure"),
          "wasb", Text.of(HADOOP, "hadoop-azure"),
          "wasbs", Text.of(HADOOP, "hadoop-azure"),
          "oss", Text.of(HADOOP, "hadoop-aliyun"),
          "cosn", Text.of(HADOOP, "hadoop-cos"),
          "gs", "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.22");

  private MissingLibraryException(Path path, String found, String library, Throwable cause) {
    super(
        Text.of(
            "Cannot reach %s: expected the library of %s:// on the class path, found %s. Give it to"
                + " spark-submit with --packages %s%s.",
            path,
            path.toUri().getScheme(),
            found,
            library,
            path.toUri().getScheme().equals("s3a")
                ? ", or build Convoy with it: mvn package -Ps3"
                : ""),
        cause);
  }

  /**
   * What to say of a failure to reach a place, if a missing library is the reason.
   *
   * @param failure what Hadoop answered
   */
  static Optional<MissingLibraryException> reasonOf(Path path, Throwable failure) {
    String library = LIBRARIES.get(String.valueOf(path.toUri().getScheme()));
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoClassDefFoundError) {
        return Optional.of(
            new MissingLibraryException(
                path,
                "it without what it needs itself, " + Text.firstLine(cause),
                library == null ? "and its coordinates" : library,
                failure));
      }
      boolean isAbsent =
          cause instanceof ClassNotFoundException
              || cause instanceof UnsupportedFileSystemException;
      if (isAbsent && library != null) {
        return Optional.of(new MissingLibraryException(path, "none", library, failure));
      }
    }
    return Optional.empty();
  }
}
