package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.permission.FsPermission;

/** Which permissions the process's user mask ({@code umask}) takes away from new files. */
final class UserMask {
  private static final String KEY = FsPermission.UMASK_LABEL;
  private static final String HADOOPS_OWN = "core-default.xml";
  private static final int ALL = 0777;

  private UserMask() {}

  /**
   * Lets Hadoop heed the process's, which it does not by itself; what a cluster's files or Spark's
   * settings say comes first.
   */
  static Configuration heededBy(Configuration hadoop) {
    String[] sources = hadoop.getPropertySources(KEY);
    if (sources == null || Arrays.stream(sources).allMatch(HADOOPS_OWN::equals)) {
      OfProcess.MASK.ifPresent(mask -> hadoop.set(KEY, mask));
    }
    return hadoop;
  }

  /** Read once, when first needed; there is none where files have other permissions. */
  private static final class OfProcess {
    static final Optional<String> MASK = read();

    private static Optional<String> read() {
      try {
        Path outer = Files.createTempDirectory("convoy-mask");
        Path inner = outer.resolve("inner");
        try {
          Files.createDirectory(inner);
          String left = PosixFilePermissions.toString(Files.getPosixFilePermissions(inner));
          int mask = ALL & ~FsPermission.valueOf("d" + left).toShort();
          return Optional.of(Text.of("%03o", mask));
        } finally {
          Files.deleteIfExists(inner);
          Files.deleteIfExists(outer);
        }
      } catch (IOException | UnsupportedOperationException e) {
        return Optional.empty();
      }
    }
  }
}
