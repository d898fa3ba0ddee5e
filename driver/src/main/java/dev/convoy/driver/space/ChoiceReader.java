package dev.convoy.driver.space;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.convoy.data.Text;
import dev.convoy.driver.configuration.Hocon;
import java.util.List;

/**
 * Reads what a choice is drawn by: labels and weights. The options themselves are read elsewhere.
 *
 * @param key where it stands
 * @param written the object that is the choice
 * @param options its options, at least one
 * @param problems where problems are noted
 */
record ChoiceReader(String key, ConfigObject written, ConfigList options, Problems problems) {
  /** With equal weights where those written do not fit, which is noted. */
  Choice read(ConfigValue weights) {
    checkDifference();
    List<Object> labels = new OptionLabels(options).labels();
    return new Choice(
        labels, weights == null ? labels.stream().map(label -> 1.0).toList() : weights(weights));
  }

  private void checkDifference() {
    for (int index = 1; index < options.size(); index++) {
      if (options.subList(0, index).contains(options.get(index))) {
        String repeated = Hocon.text(options.get(index));
        problems.add(key, written, "options that differ, found " + repeated + " twice");
      }
    }
  }

  private List<Double> weights(ConfigValue written) {
    List<Double> weights = numbers(written);
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
    if (weights.size() == options.size()
        && weights.stream().allMatch(weight -> weight >= 0)
        && sum > 0
        && Double.isFinite(sum)) {
      return weights;
    }
    problems.add(
        key,
        this.written,
        Text.of(
            "weights that are a number for each of the %d options, none below 0, some above 0",
            options.size()));
    return options.stream().map(option -> 1.0).toList();
  }

  /** The elements of a list of numbers; none of anything else. */
  private static List<Double> numbers(ConfigValue value) {
    try {
      return value instanceof ConfigList list
              && list.unwrapped().stream().allMatch(Number.class::isInstance)
          ? list.unwrapped().stream().map(weight -> ((Number) weight).doubleValue()).toList()
          : List.of();
    } catch (ConfigException.NotResolved e) {
      return List.of();
    }
  }
}
