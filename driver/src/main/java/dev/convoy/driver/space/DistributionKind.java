package dev.convoy.driver.space;

import com.typesafe.config.ConfigObject;
import dev.convoy.data.component.ValueType;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What can stand in place of a value. */
enum DistributionKind {
  UNIFORM("[low, high]", Scale.LINEAR),
  LOG_UNIFORM("[low, high]", Scale.LOGARITHMIC),
  INT("[low, high]", Scale.LINEAR),
  LOG_UNIFORM_INT("[low, high]", Scale.LOGARITHMIC),
  NORMAL("[mean, deviation]", Scale.LINEAR),
  LOG_NORMAL("[mean, deviation]", Scale.LOGARITHMIC),
  CHOICE("[option, option, …]", Scale.LINEAR);

  private final String arguments;
  private final Scale scale;

  DistributionKind(String arguments, Scale scale) {
    this.arguments = arguments;
    this.scale = scale;
  }

  /** The key that makes an object a distribution. */
  String key() {
    return ValueType.nameOf(this);
  }

  /** On which axis the numbers are spread; without meaning for a choice. */
  Scale scale() {
    return scale;
  }

  /** The keys that may stand beside it. */
  Set<String> modifiers() {
    return switch (this) {
      case UNIFORM, LOG_UNIFORM -> Set.of("quantum");
      case INT, LOG_UNIFORM_INT -> Set.of();
      case NORMAL, LOG_NORMAL -> Set.of("quantum", "min", "max");
      case CHOICE -> Set.of("weights");
    };
  }

  /** How it is written. */
  String usage() {
    return key() + " = " + arguments;
  }

  /** Those whose key an object has: one for a distribution, none for an ordinary object. */
  static List<DistributionKind> in(ConfigObject object) {
    return Arrays.stream(values()).filter(kind -> object.containsKey(kind.key())).toList();
  }
}
