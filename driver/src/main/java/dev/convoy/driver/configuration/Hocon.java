package dev.convoy.driver.configuration;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.regex.Pattern;

/** Values as a person would write them. */
public final class Hocon {
  private static final Pattern QUOTED_WORD = Pattern.compile("(?<!\\\\)\"([A-Za-z_][\\w-]*)\"");

  private Hocon() {}

  /** A value on one line; the library's own HOCON leaves out braces. */
  public static String text(ConfigValue value) {
    return QUOTED_WORD
        .matcher(value.render(ConfigRenderOptions.concise()))
        .replaceAll(match -> match.group(1));
  }

  /** A text, a number or a boolean as it was written; anything else as HOCON. */
  static String original(ConfigValue value) {
    return value.valueType() == ConfigValueType.NUMBER
            || value.valueType() == ConfigValueType.BOOLEAN
            || value.valueType() == ConfigValueType.STRING
        ? value.atKey("value").getString("value")
        : text(value);
  }

  /** A whole configuration, with braces and without comments. */
  static String render(com.typesafe.config.Config configuration) {
    return configuration
        .root()
        .render(
            ConfigRenderOptions.defaults()
                .setComments(false)
                .setOriginComments(false)
                .setJson(false));
  }
}
