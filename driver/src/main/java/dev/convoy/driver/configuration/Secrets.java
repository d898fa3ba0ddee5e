package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.convoy.data.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What is not to be read in files and messages: settings of Spark that look like secrets, as Spark
 * itself tells them, and the passwords of URLs.
 */
public final class Secrets {
  /** The setting of Spark by which it leaves secrets out of what it shows and logs. */
  public static final String REDACTION = "spark.redaction.regex";

  /** What stands in a secret's place. */
  static final String HIDDEN = Text.HIDDEN;

  /** Spark's own {@code spark.redaction.regex}, and what the keys of storage are called. */
  static final String NAMES =
      "secret|password|passphrase|token|access[._-]?key|account[.]key|[.]sas[.]|private[._-]?key";

  private static final Pattern SECRET = Pattern.compile("(?i)" + NAMES);

  /** What is in every text that has one of the {@link #NAMES}, found in less time. */
  private static final List<String> IN_NAMES =
      List.of("secret", "password", "passphrase", "token", "key", ".sas.");

  /** Of a URL: a password, or a signature. */
  private static final String URLS =
      "://[^/\\s:@\"]*:[^/\\s\"]*@|[?&][\\w.-]*(?:sig|signature|key)=";

  /** A setting as it is given on a command line, up to its value. */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?i)([\\w.\"-]*(?:" + NAMES + ")[\\w.\"-]*=)(?!…|\\$\\{|[*]{9})(\"[^\"]*\"|[^\\s\"&]+)");

  private Secrets() {}

  /**
   * A message or a line without the passwords of URLs in it, and without the values of settings.
   */
  public static String withoutPasswords(String text) {
    String hidden = Text.withoutPasswords(text);
    return text.contains("=")
        ? SETTING.matcher(hidden).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN))
        : hidden;
  }

  /**
   * The value of {@link #REDACTION} by which Spark's own logs, pages and events leave out what this
   * class does, and what the user's value says.
   *
   * @param users value; may be empty
   */
  public static String redaction(String users) {
    String own = "(?i)" + NAMES + "|" + URLS;
    return users.isBlank() ? own : "(?:" + users + ")|(?:" + own + ")";
  }

  /** An argument of the command line without the value of a key that looks like a secret. */
  static String hidden(String argument) {
    int equals = argument.indexOf('=');
    String key = equals < 0 ? argument.replaceFirst("[\\s:].*", "") : argument.substring(0, equals);
    return isSecret(key) ? key + "=" + HIDDEN : withoutPasswords(argument);
  }

  /** Whether a key looks like that of a secret. */
  static boolean isSecret(String key) {
    return SECRET.matcher(key).find();
  }

  /** Whether a configuration with this text can hold a secret: a quick look. */
  static boolean canBeIn(Config config, String text) {
    String small = text.toLowerCase(Locale.ROOT);
    boolean isWorthALook =
        text.contains("@") || text.contains("?") || IN_NAMES.stream().anyMatch(small::contains);
    return (isWorthALook && !withoutPasswords(text).equals(text))
        || SparkBlock.of(config).filter(block -> !block.isEmpty()).isPresent();
  }

  /** A configuration, resolved, without secrets: those of the environment by their variable. */
  static Config hidden(Config config) {
    Config hidden = ((ConfigObject) withoutPasswords(config.root())).toConfig();
    Optional<ConfigObject> block = SparkBlock.of(config);
    if (block.isEmpty()) {
      return hidden;
    }
    ConfigObject settings = block.get();
    List<Pattern> patterns = patterns(settings);
    ConfigObject shown = (ConfigObject) withoutPasswords(settings);
    for (String key : settings.keySet()) {
      ConfigValue value = settings.get(key);
      if (value.valueType() != ConfigValueType.NULL && isSecret(key, value, patterns)) {
        shown = shown.withValue(key, stand(value));
      }
    }
    return SparkBlock.with(hidden, shown);
  }

  private static ConfigValue stand(ConfigValue secret) {
    Optional<String> variable = SparkBlock.variableOf(secret);
    return variable
        .map(
            name ->
                ConfigFactory.parseString("reference = ${" + name + "}").root().get("reference"))
        .orElseGet(() -> ConfigValueFactory.fromAnyRef(HIDDEN));
  }

  private static List<Pattern> patterns(ConfigObject settings) {
    List<Pattern> patterns = new ArrayList<>(List.of(SECRET));
    if (settings.get(REDACTION) != null
        && settings.get(REDACTION).unwrapped() instanceof String users) {
      try {
        patterns.add(Pattern.compile(users));
      } catch (PatternSyntaxException e) {
        // Spark refuses it.
      }
    }
    return patterns;
  }

  private static boolean isSecret(String key, ConfigValue value, List<Pattern> patterns) {
    String text = Hocon.original(value);
    return !key.equals(REDACTION)
        && patterns.stream()
            .anyMatch(pattern -> pattern.matcher(key).find() || pattern.matcher(text).find());
  }

  private static ConfigValue withoutPasswords(ConfigValue value) {
    if (value instanceof ConfigObject object) {
      ConfigObject hidden = object;
      for (String key : object.keySet()) {
        hidden = hidden.withValue(key, withoutPasswords(object.get(key)));
      }
      return hidden;
    }
    if (value instanceof ConfigList list) {
      return !withoutPasswords(list.toString()).equals(list.toString())
          ? ConfigValueFactory.fromIterable(list.stream().map(Secrets::withoutPasswords).toList())
          : list;
    }
    if (value.valueType() != ConfigValueType.STRING) {
      return value;
    }
    String text = (String) value.unwrapped();
    String hidden = withoutPasswords(text);
    return hidden.equals(text)
        ? value
        : ConfigValueFactory.fromAnyRef(hidden).withOrigin(value.origin());
  }

  /** Keys whose values are hidden in a configuration that was read back from a directory. */
  static List<String> missing(Config config) {
    List<String> keys = new ArrayList<>();
    ConfigTree.walk(
        "",
        config.root(),
        (key, value) -> {
          if (value.valueType() == ConfigValueType.STRING
              && ((String) value.unwrapped()).contains(HIDDEN)) {
            keys.add(key);
          }
        });
    return keys;
  }
}
