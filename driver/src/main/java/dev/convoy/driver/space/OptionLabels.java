package dev.convoy.driver.space;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.convoy.driver.configuration.Hocon;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the options of a choice are called in tables: labels that differ. */
record OptionLabels(ConfigList options) {
  /** A Double, Long, String or Boolean for each option. */
  List<Object> labels() {
    boolean decimals =
        options.stream().allMatch(option -> plain(option) instanceof Number)
            && options.stream().anyMatch(option -> plain(option) instanceof Double);
    List<Object> labels = new ArrayList<>();
    for (int index = 0; index < options.size(); index++) {
      Object label = label(options.get(index), index);
      labels.add(decimals ? (Object) ((Number) label).doubleValue() : label);
    }
    return withoutRepeats(labels);
  }

  private static Object label(ConfigValue option, int index) {
    Object plain = plain(option);
    if (option instanceof ConfigObject) {
      return plain instanceof String name ? name : "option-" + (index + 1);
    }
    return plain instanceof Integer number ? (Object) number.longValue() : plain;
  }

  /** A scalar itself, an object's name or null, a list's HOCON. */
  private static Object plain(ConfigValue option) {
    try {
      return switch (option.valueType()) {
        case OBJECT -> name((ConfigObject) option);
        case LIST -> Hocon.text(option);
        case NULL -> "null";
        case NUMBER, BOOLEAN, STRING -> option.unwrapped();
      };
    } catch (ConfigException.NotResolved e) {
      return Hocon.text(option);
    }
  }

  /** What the component is called that an object describes: an averaging rule is a strategy. */
  private static String name(ConfigObject option) {
    ConfigValue name = option.getOrDefault("name", option.get("strategy"));
    return name == null || name instanceof ConfigObject || name instanceof ConfigList
        ? null
        : String.valueOf(name.unwrapped());
  }

  /** Appends the position to labels that several options share. */
  private static List<Object> withoutRepeats(List<Object> labels) {
    List<String> texts = labels.stream().map(String::valueOf).toList();
    List<Object> unique = new ArrayList<>();
    for (int index = 0; index < labels.size(); index++) {
      boolean repeated = Collections.frequency(texts, texts.get(index)) > 1;
      unique.add(repeated ? texts.get(index) + "-" + (index + 1) : labels.get(index));
    }
    return unique;
  }
}
