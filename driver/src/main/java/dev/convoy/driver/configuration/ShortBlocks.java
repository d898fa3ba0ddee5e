package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;

/**
 * Blocks that may be given by one word: {@code optimizer.schedule = cosine} is short for a block
 * with that name.
 */
final class ShortBlocks {
  /** What the word is of each. */
  private static final Map<String, String> MEMBERS =
      Map.of(
          "optimizer.schedule",
          "name",
          "search.early-termination",
          "rule",
          "ensemble.distill",
          "train");

  private ShortBlocks() {}

  /** Whether a key is such a block. */
  static boolean contains(List<String> path) {
    return MEMBERS.containsKey(String.join(".", path));
  }

  /** A configuration with blocks in place of words. */
  static Config asBlocks(Config written) {
    return asBlocks(written, List.of());
  }

  /** The same for what stands in a block of a configuration. */
  static Config asBlocks(Config written, List<String> block) {
    ConfigObject root = written.root();
    for (Map.Entry<String, String> member : MEMBERS.entrySet()) {
      List<String> path = List.of(member.getKey().split("\\."));
      if (path.size() > block.size() && path.subList(0, block.size()).equals(block)) {
        root = asBlock(root, path.subList(block.size(), path.size()), member.getValue());
      }
    }
    return root.toConfig();
  }

  private static ConfigObject asBlock(ConfigObject object, List<String> path, String member) {
    ConfigValue value = object.get(path.get(0));
    if (path.size() > 1) {
      return value instanceof ConfigObject below && TextKeys.isKnown(below)
          ? object.withValue(path.get(0), asBlock(below, path.subList(1, path.size()), member))
          : object;
    }
    return isWord(value)
        ? object.withValue(
            path.get(0),
            ConfigFactory.empty().root().withValue(member, value).withOrigin(value.origin()))
        : object;
  }

  private static boolean isWord(ConfigValue value) {
    try {
      return value != null && value.valueType() == ConfigValueType.STRING;
    } catch (ConfigException.NotResolved e) {
      return false; // a substitution, of which it is known later
    }
  }
}
