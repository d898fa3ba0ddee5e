package dev.convoy.driver.space;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.convoy.driver.configuration.Distributions;
import dev.convoy.driver.configuration.Hocon;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds the distributions of what was written, depth-first, members in the order of their keys, a
 * choice before its options and these before its siblings.
 *
 * <p>Substitutions stay: what refers to a distribution is the value drawn. They are looked up only
 * where a distribution needs them for its arguments, or where they are merged with an object.
 */
final class SpaceReader {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^{}]*}");

  private static final String WEIGHTS = "weights";

  /** A parameter and what tells it from all others, whatever else the space holds. */
  record Entry(Parameter parameter, String identity) {}

  /**
   * Where a value stands.
   *
   * @param key its dotted path
   * @param name the column of a distribution there; the whole configuration has no key but can be a
   *     choice
   * @param branch the options that lead there
   */
  private record Place(String key, String name, String branch) {
    Place member(String member) {
      String part = member.matches("[\\w-]+") ? member : ConfigUtil.quoteString(member);
      String path = key.isEmpty() ? part : key + "." + part;
      return new Place(path, path, branch);
    }

    /** The same key: an option stands where its choice does. */
    Place option(int index, Object label) {
      return new Place(key, name + ".option-" + (index + 1), branch + name + "=" + label + "\n");
    }
  }

  private final Problems problems;
  private final List<Entry> entries = new ArrayList<>();

  SpaceReader(Problems problems) {
    this.problems = problems;
  }

  /** The parameters found, by dimension. */
  List<Entry> entries() {
    return entries;
  }

  /**
   * Reads a whole configuration.
   *
   * @param written with its substitutions
   * @param resolved the same with those looked up that can be
   */
  SpaceNode read(ConfigObject written, ConfigObject resolved) {
    return read(new Place("", DistributionKind.CHOICE.key(), ""), written, resolved);
  }

  private SpaceNode read(Place place, ConfigValue written, ConfigValue resolved) {
    ConfigValue value = isUnresolved(written) && !isReference(written) ? resolved : written;
    if (isUnresolved(value)) {
      return new SpaceNode.Fixed(written);
    }
    if (Distributions.isDistribution(value)) {
      return distribution(place, (ConfigObject) value, resolved);
    }
    if (value instanceof ConfigObject object) {
      return members(place, object, resolved);
    }
    return value instanceof ConfigList list
        ? new SpaceNode.Items(items(place, list, resolved), list.origin())
        : new SpaceNode.Fixed(value);
  }

  private static boolean isUnresolved(ConfigValue value) {
    try {
      return value.valueType() == ConfigValueType.OBJECT && ((ConfigObject) value).containsKey("");
    } catch (ConfigException.NotResolved e) {
      return true;
    }
  }

  private static boolean isReference(ConfigValue value) {
    return REFERENCE.matcher(Hocon.text(value)).matches();
  }

  private SpaceNode.Members members(Place place, ConfigObject object, ConfigValue resolved) {
    Map<String, SpaceNode> members = new TreeMap<>();
    for (String name : new TreeSet<>(object.keySet())) {
      ConfigValue written = object.get(name);
      members.put(name, read(place.member(name), written, member(resolved, name, written)));
    }
    return new SpaceNode.Members(object, members);
  }

  private static ConfigValue member(ConfigValue object, String name, ConfigValue otherwise) {
    return !isUnresolved(object) && object instanceof ConfigObject members
        ? members.getOrDefault(name, otherwise)
        : otherwise;
  }

  private List<SpaceNode> items(Place place, ConfigList list, ConfigValue resolved) {
    List<SpaceNode> items = new ArrayList<>();
    for (int index = 0; index < list.size(); index++) {
      items.add(
          read(place.member(String.valueOf(index)), list.get(index), item(list, index, resolved)));
    }
    return items;
  }

  /** An item of the resolved list, unless optional substitutions have vanished from it. */
  private static ConfigValue item(ConfigList written, int index, ConfigValue resolved) {
    return !isUnresolved(resolved)
            && resolved instanceof ConfigList list
            && list.size() == written.size()
        ? list.get(index)
        : written.get(index);
  }

  private SpaceNode distribution(Place place, ConfigObject written, ConfigValue resolved) {
    List<DistributionKind> kinds = DistributionKind.in(written);
    if (kinds.size() > 1) {
      List<String> found = kinds.stream().map(DistributionKind::key).toList();
      problems.add(place.key, written, "one distribution, found " + String.join(" and ", found));
      return new SpaceNode.Fixed(written);
    }
    DistributionKind kind = kinds.get(0);
    if (kind == DistributionKind.CHOICE) {
      return choice(place, written, resolved);
    }
    if (place.key.isEmpty()) {
      problems.add("", written, "keys with values, found " + kind.key() + " without one");
      return new SpaceNode.Fixed(written);
    }
    return numbers(place, kind, written, resolved);
  }

  private SpaceNode numbers(
      Place place, DistributionKind kind, ConfigObject written, ConfigValue resolved) {
    Optional<ConfigObject> arguments = withoutSubstitutions(written, resolved);
    if (arguments.isEmpty()) {
      problems.add(place.key, written, "substitutions of keys in this file");
      return new SpaceNode.Fixed(written);
    }
    Optional<Distribution> distribution =
        new NumberReader(place.key, arguments.get(), kind, problems).read();
    return distribution.isEmpty()
        ? new SpaceNode.Fixed(written)
        : new SpaceNode.Drawn(add(place, distribution.get()), distribution.get(), written.origin());
  }

  private static Optional<ConfigObject> withoutSubstitutions(
      ConfigObject written, ConfigValue resolved) {
    for (ConfigValue candidate : List.of(written, resolved)) {
      if (candidate instanceof ConfigObject object && object.toConfig().isResolved()) {
        return Optional.of(object);
      }
    }
    return Optional.empty();
  }

  private int add(Place place, Distribution distribution) {
    String key = place.key.isEmpty() ? place.name : place.key;
    Parameter parameter = new Parameter(key, place.name, distribution);
    entries.add(new Entry(parameter, place.branch + place.name));
    return entries.size() - 1;
  }

  private SpaceNode choice(Place place, ConfigObject written, ConfigValue resolved) {
    String key = DistributionKind.CHOICE.key();
    ConfigValue lookedUp = member(resolved, key, written.get(key));
    ConfigValue value = isUnresolved(written.get(key)) ? lookedUp : written.get(key);
    if (isUnresolved(value) || !(value instanceof ConfigList options) || options.isEmpty()) {
      problems.add(place.key, written, DistributionKind.CHOICE.usage() + " with an option or more");
      return new SpaceNode.Fixed(written);
    }
    Choice choice =
        new ChoiceReader(place.key, written, options, problems)
            .read(member(resolved, WEIGHTS, written.get(WEIGHTS)));
    int dimension = add(place, choice);
    List<SpaceNode> nodes = new ArrayList<>();
    for (int index = 0; index < options.size(); index++) {
      Place option = place.option(index, choice.labels().get(index));
      nodes.add(read(option, options.get(index), item(options, index, lookedUp)));
    }
    ConfigObject siblings = written.withoutKey(key).withoutKey(WEIGHTS);
    if (!nodes.stream().allMatch(SpaceReader::isObject)) {
      checkPlaceOfOtherThanObjects(place, written, siblings);
    }
    return new SpaceNode.Chosen(dimension, choice, nodes).over(members(place, siblings, resolved));
  }

  private static boolean isObject(SpaceNode node) {
    return node instanceof SpaceNode.Members
        || (node instanceof SpaceNode.Chosen chosen
            && chosen.options().stream().allMatch(SpaceReader::isObject));
  }

  private void checkPlaceOfOtherThanObjects(
      Place place, ConfigObject written, ConfigObject siblings) {
    if (place.key.isEmpty()) {
      problems.add("", written, "objects as options, to be the configuration");
    }
    if (!siblings.isEmpty()) {
      problems.add(
          place.key,
          written,
          "no other keys than weights beside a choice of other than objects, found "
              + String.join(", ", new TreeSet<>(siblings.keySet())));
    }
  }
}
