package dev.convoy.driver.space;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/** A part of what was written, with the places of its distributions known. */
sealed interface SpaceNode {
  /** What stands here at a point of the space. */
  ConfigValue at(double[] point);

  /** Tells every dimension that decides what stands here at a point of the space. */
  void activeAt(double[] point, IntConsumer dimension);

  /**
   * This over another node, as HOCON merges values: for every point the same as merging what the
   * two are there. What it hides of the other is not active.
   */
  default SpaceNode over(SpaceNode lower) {
    return this;
  }

  /** A value without distributions, or one that is resolved later. */
  record Fixed(ConfigValue value) implements SpaceNode {
    @Override
    public ConfigValue at(double[] point) {
      return value;
    }

    @Override
    public void activeAt(double[] point, IntConsumer dimension) {}
  }

  /** A number that is drawn. */
  record Drawn(int dimension, Distribution distribution, ConfigOrigin origin) implements SpaceNode {
    @Override
    public ConfigValue at(double[] point) {
      return ConfigValueFactory.fromAnyRef(distribution.value(point[dimension])).withOrigin(origin);
    }

    @Override
    public void activeAt(double[] point, IntConsumer active) {
      active.accept(dimension);
    }
  }

  /** A list. */
  record Items(List<SpaceNode> items, ConfigOrigin origin) implements SpaceNode {
    @Override
    public ConfigValue at(double[] point) {
      return ConfigValueFactory.fromIterable(items.stream().map(item -> item.at(point)).toList())
          .withOrigin(origin);
    }

    @Override
    public void activeAt(double[] point, IntConsumer dimension) {
      items.forEach(item -> item.activeAt(point, dimension));
    }
  }

  /** An object: as written, and the nodes of all its keys. */
  record Members(ConfigObject written, Map<String, SpaceNode> members) implements SpaceNode {
    @Override
    public ConfigObject at(double[] point) {
      ConfigObject object = written;
      for (Map.Entry<String, SpaceNode> member : members.entrySet()) {
        if (!(member.getValue() instanceof Fixed)) {
          object = object.withValue(member.getKey(), member.getValue().at(point));
        }
      }
      return object;
    }

    @Override
    public void activeAt(double[] point, IntConsumer dimension) {
      members.values().forEach(member -> member.activeAt(point, dimension));
    }

    @Override
    public SpaceNode over(SpaceNode lower) {
      if (lower instanceof Members other) {
        return overMembers(other);
      }
      return lower instanceof Chosen chosen ? chosen.with(this::over) : this;
    }

    private Members overMembers(Members lower) {
      ConfigObject object = written;
      Map<String, SpaceNode> merged = new TreeMap<>(members);
      for (Map.Entry<String, SpaceNode> member : lower.members.entrySet()) {
        String key = member.getKey();
        if (members.containsKey(key)) {
          merged.put(key, members.get(key).over(member.getValue()));
        } else {
          merged.put(key, member.getValue());
          object = object.withValue(key, lower.written.get(key));
        }
      }
      return new Members(object, merged);
    }
  }

  /** One of several nodes. */
  record Chosen(int dimension, Choice choice, List<SpaceNode> options) implements SpaceNode {
    @Override
    public ConfigValue at(double[] point) {
      return chosen(point).at(point);
    }

    @Override
    public void activeAt(double[] point, IntConsumer active) {
      active.accept(dimension);
      chosen(point).activeAt(point, active);
    }

    @Override
    public SpaceNode over(SpaceNode lower) {
      return with(option -> option.over(lower));
    }

    private Chosen with(UnaryOperator<SpaceNode> change) {
      return new Chosen(dimension, choice, options.stream().map(change).toList());
    }

    private SpaceNode chosen(double[] point) {
      return options.get(choice.optionAt(point[dimension]));
    }
  }
}
