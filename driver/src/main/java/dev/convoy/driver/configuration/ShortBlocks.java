package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
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
          "loss",
          "name",
          "optimizer.schedule",
          "name",
          "optimizer.momentum-schedule",
          "name",
          "training.data-initialization",
          "name",
          "averaging.compression",
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
        List<String> below = path.subList(block.size(), path.size());
        root = ConfigTree.replace(root, below, value -> asBlock(value, member.getValue()));
      }
    }
    return root.toConfig();
  }

  private static ConfigValue asBlock(ConfigValue value, String member) {
    return ConfigTree.type(value).filter(ConfigValueType.STRING::equals).isPresent()
        ? ConfigFactory.empty().root().withValue(member, value).withOrigin(value.origin())
        : value;
  }
}
