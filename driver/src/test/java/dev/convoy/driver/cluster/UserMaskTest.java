package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserMaskTest {
  @TempDir Path temporary;

  /** Writes a folder and a file in it, as a process with another mask. */
  public static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      Configuration hadoop = UserMask.heededBy(new Configuration());
      var folder = new org.apache.hadoop.fs.Path(Path.of(arguments[0], "folder").toUri());
      try (FileSystem files = FileSystem.newInstance(folder.toUri(), hadoop)) {
        files.mkdirs(folder);
        try (FSDataOutputStream out = files.create(new org.apache.hadoop.fs.Path(folder, "file"))) {
          out.write(1);
        }
      }
    }
  }

  @Test
  void foldersAndFilesAreAsPrivateAsTheProcessSays() throws Exception {
    Process writer =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 027 && exec \"$0\" -cp \"$1\" \"$2\" \"$3\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                temporary.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(writer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(writer.waitFor()).as(output).isZero();
    Path folder = temporary.resolve("folder");
    assertThat(permissions(folder)).isEqualTo("rwxr-x---");
    assertThat(permissions(folder.resolve("file"))).isEqualTo("rw-r-----");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void whatIsSaidOfHadoopComesFirst() {
    Configuration hadoop = new Configuration();
    hadoop.set(FsPermission.UMASK_LABEL, "0111");
    assertThat(UserMask.heededBy(hadoop).get(FsPermission.UMASK_LABEL)).isEqualTo("0111");
  }
}
