package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.convoy.data.Text;
import dev.convoy.data.format.Locations;
import dev.convoy.driver.configuration.HoconScanner.Include;
import dev.convoy.driver.configuration.HoconScanner.Outline;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * A configuration's file, on this machine or any Hadoop file system, with the files that it
 * includes: each is found beside the file that names it.
 */
final class ConfigurationFile {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");
  private static final Pattern REFUSED_SCHEME =
      Pattern.compile("(?i)(https?|ftp|jar|classpath):.*");
  private static final List<String> ENDINGS = List.of("", ".conf", ".json");

  /** A file that cannot be read or parsed; the message says which, where and why. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final List<String> problems;

    Unreadable(List<String> problems) {
      super(String.join("\n", problems));
      this.problems = problems;
    }
  }

  private ConfigurationFile() {}

  /**
   * Reads a file.
   *
   * @param location a path of this machine, or one with the scheme of a Hadoop file system
   * @throws ConfigurationException with every problem if it cannot be read, or is no HOCON
   */
  static Config read(String location) {
    return problemsAsOne(() -> parse(location, textOf(location), List.of(), List.of(location)));
  }

  /**
   * Parses a text.
   *
   * @param description of where it is from, for messages
   * @throws ConfigurationException with every problem if it is no HOCON
   */
  static Config parse(String text, String description) {
    return problemsAsOne(() -> parse(description, text, List.of(), List.of()));
  }

  private static Config problemsAsOne(Supplier<Config> reading) {
    try {
      return ShortBlocks.asBlocks(SparkBlock.withWholeNames(reading.get()));
    } catch (Unreadable e) {
      throw new ConfigurationException(e.problems);
    }
  }

  /**
   * Parses a text.
   *
   * @param files that are being read, from the outermost; none for a text that is in no file
   */
  private static Config parse(
      String location, String text, List<String> block, List<String> files) {
    Outline outline = HoconScanner.scan(text, block);
    if (!outline.problems().isEmpty()) {
      throw new Unreadable(
          outline.problems().stream()
              .map(problem -> cannotRead(location, problem.line(), problem.what()))
              .toList());
    }
    try {
      return ConfigFactory.parseString(
          outline.text(),
          ConfigParseOptions.defaults()
              .setSyntax(ConfigSyntax.CONF)
              .setOriginDescription(location)
              .setIncluder(new Includer(location, outline.includes(), files)));
    } catch (ConfigException e) {
      throw new Unreadable(
          List.of("Cannot read the configuration " + location + ": " + Text.firstLine(e)));
    }
  }

  private static String cannotRead(String location, int line, String what) {
    return Text.of("Cannot read the configuration %s: line %d: %s", location, line, what);
  }

  /** Reads the files that one file includes; their names are numbers by now. */
  private record Includer(String from, List<Include> includes, List<String> files)
      implements ConfigIncluder {

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String number) {
      return include(includes.get(Integer.parseInt(number)));
    }

    private ConfigObject include(Include include) {
      String name = include.name();
      boolean isElsewhere = include.kind().equals("url") || include.kind().equals("classpath");
      if (isElsewhere || REFUSED_SCHEME.matcher(name).matches()) {
        throw problem(include, "expected a file beside it or on a Hadoop file system");
      }
      if (files.isEmpty()) {
        throw problem(include, "expected no include where no file is read");
      }
      String found =
          candidates(from, name)
              .filter(ConfigurationFile::exists)
              .findFirst()
              .orElseThrow(
                  () ->
                      problem(
                          include,
                          "expected a file, found none as "
                              + candidates(from, name).findFirst().orElse(name)));
      if (files.contains(found)) {
        throw problem(include, "expected no file that includes it in turn, found a circle");
      }
      List<String> deeper = new ArrayList<>(files);
      deeper.add(found);
      Config included = parse(found, textOf(found), include.block(), deeper);
      return ShortBlocks.asBlocks(included, include.block()).root();
    }

    private Unreadable problem(Include include, String what) {
      return new Unreadable(
          List.of(cannotRead(from, include.line(), "include " + include.name() + ": " + what)));
    }
  }

  private static Stream<String> candidates(String from, String name) {
    String beside = beside(from, name);
    return ENDINGS.stream().map(ending -> beside + ending);
  }

  private static String beside(String from, String name) {
    boolean isOfThisMachine = !SCHEME.matcher(from).matches();
    if (SCHEME.matcher(name).matches() || (isOfThisMachine && name.startsWith("/"))) {
      return name;
    }
    if (!isOfThisMachine) {
      return new Path(new Path(from).getParent(), name).toString();
    }
    return java.nio.file.Path.of(from).resolveSibling(name).normalize().toString();
  }

  private static boolean exists(String location) {
    try {
      if (!SCHEME.matcher(location).matches()) {
        java.nio.file.Path file = java.nio.file.Path.of(location);
        return Files.exists(file) && !Files.isDirectory(file);
      }
      try (FileSystem files = fileSystem(location)) {
        return files.exists(new Path(location));
      }
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private static FileSystem fileSystem(String location) throws IOException {
    return Locations.newFileSystem(
        new Path(location), SparkHadoopUtil.get().newConfiguration(new SparkConf()));
  }

  private static String textOf(String location) {
    byte[] bytes = bytesOf(location);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      boolean isUtf16 = bytes.length > 1 && (bytes[0] & bytes[1] & 0xFE) == 0xFE;
      throw unreadable(location, isUtf16 ? "one in UTF-16" : "one that is not in UTF-8");
    }
  }

  private static byte[] bytesOf(String location) {
    try {
      if (SCHEME.matcher(location).matches()) {
        try (FileSystem files = fileSystem(location);
            InputStream in = files.open(new Path(location))) {
          return in.readAllBytes();
        }
      }
      java.nio.file.Path file = java.nio.file.Path.of(location);
      if (Files.isDirectory(file)) {
        throw unreadable(location, "a directory");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw unreadable(location, "none");
    } catch (AccessDeniedException e) {
      throw unreadable(location, "one that its permissions forbid to read");
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(location, Text.firstLine(e));
    }
  }

  private static Unreadable unreadable(String location, String found) {
    return new Unreadable(
        List.of(
            Text.of(
                "Cannot read the configuration %s: expected a readable HOCON file, found %s.",
                location, found)));
  }
}
