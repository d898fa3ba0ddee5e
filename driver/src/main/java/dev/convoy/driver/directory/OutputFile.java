package dev.convoy.driver.directory;

import dev.convoy.data.Text;
import dev.convoy.data.format.Locations;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.configuration.ConfigurationException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * A single file that a command writes. A regular file is there whole or not at all, on any Hadoop
 * file system. Of a symbolic link the file that it leads to is replaced. Named pipes, devices and
 * descriptors of this process are written through, and {@code -} is standard output.
 */
public final class OutputFile {
  private static final String STANDARD_OUTPUT = "-";
  private static final String LOCAL_URI = "file:/";
  private static final Pattern DESCRIPTOR =
      Pattern.compile("/dev/(?:fd/([0-9]+)|stdout|stderr)|/proc/self/fd/([0-9]+)");
  private static final int MAX_LINKS = 40;

  /** How it is written. */
  private interface Target {
    void write(FileContent content) throws IOException;
  }

  private final String location;
  private final Optional<Path> local;
  private final Target target;

  private OutputFile(String location, Optional<Path> local, Target target) {
    this.location = location;
    this.local = local;
    this.target = target;
  }

  /**
   * A file, which is looked at and not yet written.
   *
   * @param option that names it, for messages
   * @throws ConfigurationException if it cannot be written, as far as can be seen now
   */
  public static OutputFile at(String written, String option, Configuration hadoop) {
    String location = Locations.expandHome(written);
    if (location.equals(STANDARD_OUTPUT)) {
      return new OutputFile(
          "standard output", Optional.empty(), writeThrough(StandardOutput.results()));
    }
    boolean isLocal =
        Locations.isUri(location)
            ? location.startsWith(LOCAL_URI)
            : FileSystem.getDefaultUri(hadoop).getScheme().equals("file");
    if (!isLocal) {
      return new OutputFile(location, Optional.empty(), onHadoop(location, hadoop));
    }
    try {
      String path =
          location.startsWith(LOCAL_URI) ? Locations.path(location).toUri().getPath() : location;
      return local(location, Path.of(path));
    } catch (IOException | IllegalArgumentException e) {
      String reason =
          e instanceof FileSystemException failure
              ? Objects.toString(failure.getReason(), e.getClass().getSimpleName())
              : Text.firstLine(e);
      throw new ConfigurationException(
          "%s %s: expected a file that can be written, found %s", option, location, reason);
    }
  }

  private static OutputFile local(String location, Path path) throws IOException {
    Matcher descriptor = DESCRIPTOR.matcher(path.toString());
    if (descriptor.matches()) {
      return descriptor(location, path, descriptor);
    }
    Path file = target(path);
    if (Files.isDirectory(file)) {
      throw new FileSystemException(location, null, "a directory");
    }
    boolean isThere = Files.exists(file);
    if (isThere && !Files.isWritable(file)) {
      throw new FileSystemException(location, null, "one without permission to write");
    }
    if (isThere && !Files.isRegularFile(file)) {
      return new OutputFile(location, Optional.empty(), append(file));
    }
    Path directory = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(directory)) {
      throw new FileSystemException(location, null, "no directory " + directory);
    }
    if (!Files.isWritable(directory)) {
      throw new FileSystemException(
          location, null, "no permission to write in its directory " + directory);
    }
    return new OutputFile(location, Optional.of(file), replace(file));
  }

  /** The file that a link leads to, also where that is not there yet. */
  private static Path target(Path path) throws IOException {
    Path file = path;
    for (int links = 0; Files.isSymbolicLink(file); links++) {
      if (links == MAX_LINKS) {
        throw new FileSystemException(path.toString(), null, "symbolic links that go in a circle");
      }
      file = file.resolveSibling(Files.readSymbolicLink(file));
    }
    return file;
  }

  private static OutputFile descriptor(String location, Path path, Matcher number)
      throws IOException {
    if (path.endsWith("stdout") || "1".equals(number.group(1)) || "1".equals(number.group(2))) {
      return new OutputFile(location, Optional.empty(), writeThrough(StandardOutput.results()));
    }
    if (path.endsWith("stderr") || "2".equals(number.group(1)) || "2".equals(number.group(2))) {
      return new OutputFile(location, Optional.empty(), writeThrough(System.err));
    }
    // Java itself has files open for reading, which must not be written to.
    String open = number.group(1) == null ? number.group(2) : number.group(1);
    Path flags = Path.of("/proc/self/fdinfo", open);
    boolean writable =
        Files.exists(flags, LinkOption.NOFOLLOW_LINKS)
            && Files.readString(flags)
                .lines()
                .filter(line -> line.startsWith("flags:"))
                .anyMatch(line -> (line.charAt(line.length() - 1) - '0' & 3) != 0);
    if (!writable) {
      throw new FileSystemException(location, null, "no descriptor that is open for writing");
    }
    return new OutputFile(location, Optional.empty(), append(path));
  }

  private static Target append(Path file) {
    return content -> {
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
        content.writeTo(out);
      }
    };
  }

  private static Target writeThrough(PrintStream stream) {
    return content -> {
      content.writeTo(stream);
      stream.flush();
      if (stream.checkError()) {
        throw new IOException(StandardOutput.LOST);
      }
    };
  }

  private static Target replace(Path file) {
    return content -> {
      Path temporary =
          file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
      // Where the process is interrupted, nobody comes to the end of this.
      temporary.toFile().deleteOnExit();
      try {
        try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
          content.writeTo(out);
        }
        RenameCommit.replace(temporary, file);
      } finally {
        Files.deleteIfExists(temporary);
      }
    };
  }

  private static Target onHadoop(String location, Configuration hadoop) {
    return content -> {
      org.apache.hadoop.fs.Path path = Locations.path(location);
      try (FileSystem files = Locations.newFileSystem(path, hadoop)) {
        new AtomicFiles(files, hadoop).write(files.makeQualified(path), content);
      }
    };
  }

  /** Whether it would replace a local file. */
  public boolean replaces(String file) {
    try {
      String path = file.replaceFirst("^file:/*", "/");
      return local.isPresent()
          && Files.exists(local.get())
          && Files.exists(Path.of(path))
          && Files.isSameFile(local.get(), Path.of(path));
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether it would replace one of some images. */
  public boolean replacesAnyOf(Listing images) {
    return IntStream.range(0, images.size()).mapToObj(images::file).anyMatch(this::replaces);
  }

  /** What it is called in messages. */
  public String name() {
    return location;
  }

  /**
   * Writes the file, or replaces it.
   *
   * @throws OutputException if it cannot be written
   */
  public void write(FileContent content) {
    try {
      target.write(content);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new OutputException(e, "Cannot write %s: %s.", location, Text.firstLine(e));
    }
  }
}
