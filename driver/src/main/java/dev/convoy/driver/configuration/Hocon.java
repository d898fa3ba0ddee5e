package dev.convoy.driver.configuration;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
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
}
