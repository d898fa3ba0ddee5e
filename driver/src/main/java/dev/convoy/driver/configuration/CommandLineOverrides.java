package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code key.path=value} of a command line. A value is HOCON where it begins with a quotation
 * mark, a bracket or a brace, or has a substitution in it; {@code null}, numbers, true and false
 * are themselves. Anything else is the text that was typed, but for blanks around it. Of a key
 * whose values are texts, so are brackets, numbers, true and false.
 */
final class CommandLineOverrides {
  private static final String ORIGIN = "command line";
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");
  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??[^${}]+}");

  /**
   * One of them.
   *
   * @param typed the whole argument
   * @param path keys from the outermost; a setting of Spark is one
   * @param config with nothing but this key
   */
  private record Setting(String typed, List<String> path, Config config) {
    boolean isBlock() {
      return ConfigTree.at(config.root(), path).orElse(null) instanceof ConfigObject;
    }
  }

  private final List<String> problems = new ArrayList<>();
  private final List<Setting> settings = new ArrayList<>();

  private CommandLineOverrides() {}

  /**
   * The configuration with the overrides in it, from left to right, and what is wrong with them.
   */
  static WrittenConfiguration over(WrittenConfiguration below, List<String> arguments) {
    CommandLineOverrides commandLine = new CommandLineOverrides();
    commandLine.problems.addAll(below.problems());
    commandLine.read(arguments);
    commandLine.findCollisions();
    // One word for a block takes the place of the file's block, not of this command line's.
    List<Setting> ordered = new ArrayList<>(commandLine.settings);
    ordered.sort(
        Comparator.comparing(one -> !(ShortBlocks.contains(one.path()) && !one.isBlock())));
    Config merged = below.config();
    for (Setting setting : ordered) {
      merged = override(merged, setting);
    }
    return new WrittenConfiguration(merged, commandLine.problems);
  }

  /** An object given for a key joins what stands there; a distribution takes its place. */
  private static Config override(Config base, Setting setting) {
    String path = ConfigUtil.joinPath(setting.path());
    boolean replaces =
        Stream.of(setting.config(), base)
            .flatMap(config -> ConfigTree.at(config.root(), setting.path()).stream())
            .anyMatch(Distributions::isDistribution);
    Config over = setting.config();
    return ShortBlocks.asBlocks(over.withFallback(replaces ? base.withoutPath(path) : base));
  }

  private void read(List<String> arguments) {
    for (CommandLineArgument argument : CommandLineArgument.of(arguments)) {
      if (argument.problem().isPresent()) {
        problems.add(argument.problem().get());
        continue;
      }
      try {
        List<String> path = SparkBlock.path(ConfigUtil.splitPath(argument.key()));
        settings.add(new Setting(argument.typed(), path, config(path, argument.value())));
      } catch (ConfigException e) {
        problems.add(argument.refused("expected a key such as training.epochs before the ="));
      } catch (ConfigurationException e) {
        problems.add(argument.refused(e.getMessage()));
      }
    }
  }

  private static Config config(List<String> path, String value) {
    boolean isHocon =
        value.startsWith("\"")
            || value.startsWith("{")
            || (value.startsWith("[") && !TextKeys.canBeText(path));
    if (isHocon) {
      return parse(path, value);
    }
    if (SUBSTITUTION.matcher(value).find()) {
      return parse(path, interpolated(value));
    }
    boolean isPlain =
        value.equals("null")
            || (!TextKeys.isText(path)
                && (NUMBER.matcher(value).matches()
                    || value.equals("true")
                    || value.equals("false")));
    return isPlain ? parse(path, value) : text(path, value);
  }

  private static Config text(List<String> path, String value) {
    ConfigOrigin origin = ConfigOriginFactory.newSimple(ORIGIN);
    return ConfigFactory.empty(ORIGIN)
        .withValue(
            ConfigUtil.joinPath(path), ConfigValueFactory.fromAnyRef(value).withOrigin(origin));
  }

  /** Texts in quotation marks between substitutions, so that every other character is itself. */
  private static String interpolated(String value) {
    StringBuilder hocon = new StringBuilder();
    Matcher substitution = SUBSTITUTION.matcher(value);
    int end = 0;
    while (substitution.find()) {
      appendQuoted(hocon, value.substring(end, substitution.start()));
      hocon.append(substitution.group());
      end = substitution.end();
    }
    appendQuoted(hocon, value.substring(end));
    return hocon.toString();
  }

  private static void appendQuoted(StringBuilder hocon, String text) {
    if (!text.isEmpty()) {
      hocon.append(ConfigUtil.quoteString(text));
    }
  }

  private static Config parse(List<String> path, String value) {
    String text = ConfigUtil.joinPath(path) + " = " + value;
    HoconScanner.Outline outline = HoconScanner.scan(text, List.of());
    if (!outline.problems().isEmpty()) {
      throw new ConfigurationException(outline.problems().get(0).what());
    }
    if (outline.hasComment()) {
      throw new ConfigurationException(
          "expected no comment after the value; quotation marks make # and // a part of it");
    }
    return ConfigurationFile.parse(text, ORIGIN);
  }

  /** A key with a value, and a longer one: one of the two would be lost. */
  private void findCollisions() {
    for (Setting shorter : settings) {
      for (Setting longer : settings) {
        List<String> path = shorter.path();
        if (!shorter.isBlock()
            && !ShortBlocks.contains(path)
            && longer.path().size() > path.size()
            && longer.path().subList(0, path.size()).equals(path)) {
          problems.add(HoconScanner.collision(path, ORIGIN, longer.path()) + " (" + ORIGIN + ")");
        }
      }
    }
  }
}
