package dev.convoy.worker.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.Text;
import dev.convoy.data.component.ComponentSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Combination settings as JSON: an object with {@code rule}, {@code members}, {@code classes},
 * {@code temperature} and the rule's lists of numbers ({@link CombinationRule#numbers}). Every
 * number comes back bit for bit.
 *
 * <p>Reading is strict: nothing is left out, nothing is unknown, numbers are finite, and lists are
 * as long as the numbers of members and classes say.
 */
public final class CombinationJson {
  private static final int MAX_QUOTATION_LENGTH = 100;
  private static final String RULE = "rule";
  private static final String MEMBERS = "members";
  private static final String CLASSES = "classes";
  private static final String TEMPERATURE = "temperature";

  private CombinationJson() {}

  /** The settings as a part of something larger. The same settings give the same JSON. */
  public static ObjectNode toNode(CombinationSettings settings) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put(RULE, settings.rule().key())
        .put(MEMBERS, settings.members())
        .put(CLASSES, settings.classes())
        .put(TEMPERATURE, settings.temperature());
    new TreeMap<>(settings.rule().numbers())
        .forEach((name, list) -> Arrays.stream(list).forEach(node.putArray(name)::add));
    return node;
  }

  /**
   * Reads what {@link #toNode} made.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static CombinationSettings fromNode(JsonNode node) {
    if (!node.isObject()) {
      throw unreadable("an object", node.getNodeType());
    }
    String key = field(node, RULE).asText();
    Set<String> rules = CombinationMethods.FAMILY.names();
    if (!rules.contains(key)) {
      throw unreadable("a rule, one of " + String.join(", ", rules), key);
    }
    CombinationMethod method = CombinationMethods.FAMILY.create(ComponentSettings.defaults(key));
    requireFields(node, key, method.numbers().keySet());
    // Made here so that the lists below are not believed before the sizes are.
    CombinationSettings sizes =
        CombinationSettings.of(count(node, MEMBERS), count(node, CLASSES), new SoftVote());
    Map<String, double[]> numbers = new HashMap<>();
    new TreeMap<>(method.numbers())
        .forEach(
            (name, length) ->
                numbers.put(
                    name, numbers(node, name, length.of(sizes.members(), sizes.classes()))));
    return new CombinationSettings(
        sizes.members(),
        sizes.classes(),
        method.restored(numbers),
        number(field(node, TEMPERATURE)));
  }

  private static void requireFields(JsonNode node, String key, Set<String> own) {
    Set<String> unknown = new HashSet<>();
    node.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(List.of(RULE, MEMBERS, CLASSES, TEMPERATURE));
    unknown.removeAll(own);
    if (!unknown.isEmpty()) {
      throw unreadable("nothing else for the rule " + key, String.join(", ", unknown));
    }
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw unreadable(name, "none");
    }
    return value;
  }

  private static int count(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw unreadable("a whole number of " + name, value);
    }
    return value.intValue();
  }

  private static double[] numbers(JsonNode node, String name, long length) {
    JsonNode array = field(node, name);
    if (!array.isArray() || array.size() != length) {
      throw unreadable(
          Text.of("a list of %,d %s", length, name),
          array.isArray() ? Text.of("%,d", array.size()) : array.getNodeType());
    }
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(array.get(i));
    }
    return numbers;
  }

  private static double number(JsonNode value) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw unreadable("a finite number", value);
    }
    return value.doubleValue();
  }

  private static IllegalArgumentException unreadable(String expected, Object found) {
    String shown = String.valueOf(found);
    return new IllegalArgumentException(
        "Cannot read a combination: expected "
            + expected
            + ", found "
            + shown.substring(0, Math.min(shown.length(), MAX_QUOTATION_LENGTH))
            + ".");
  }
}
