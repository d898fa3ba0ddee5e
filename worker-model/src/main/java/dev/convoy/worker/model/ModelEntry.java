package dev.convoy.worker.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * One model of the registry: what it is called, what can be set, and how it is built.
 *
 * @param name the name in configurations
 * @param options the options in the order in which they are listed
 * @param smallestImage the least height and width in pixels
 * @param builder builds the configuration from checked values
 */
record ModelEntry(String name, List<DeclaredOption> options, int smallestImage, Builder builder) {

  /** Builds a configuration; the values and the input have been checked. */
  @FunctionalInterface
  interface Builder {
    ComputationGraphConfiguration build(OptionValues options, InputShape input);
  }

  /** Everything that keeps the model from being built with these options, in sentences. */
  List<String> problems(Map<String, Object> given, InputShape input) {
    var problems = new ArrayList<String>();
    given.keySet().stream()
        .filter(key -> options.stream().noneMatch(option -> option.name().equals(key)))
        .sorted()
        .map(this::unknown)
        .forEach(problems::add);
    for (DeclaredOption option : options) {
      Object value = given.get(option.name());
      if (value != null && !option.allows().test(value)) {
        problems.add(
            "Option %s of model %s is %s: expected %s"
                .formatted(option.name(), name, value, option.description().expected()));
      }
    }
    if (input.height() < smallestImage || input.width() < smallestImage) {
      problems.add(
          String.format(
              Locale.ROOT,
              "Model %s needs images of at least %d × %d pixels, but they are %d × %d",
              name,
              smallestImage,
              smallestImage,
              input.height(),
              input.width()));
    }
    return List.copyOf(problems);
  }

  private String unknown(String option) {
    String expected =
        options.isEmpty()
            ? "none, it has no options"
            : "one of " + String.join(", ", options.stream().map(DeclaredOption::name).toList());
    return "Model %s has no option %s: expected %s".formatted(name, option, expected);
  }

  /** The given values over the defaults. */
  OptionValues valuesOver(Map<String, Object> given) {
    var values = new HashMap<String, Object>();
    options.forEach(option -> values.put(option.name(), option.description().defaultValue()));
    values.putAll(given);
    return new OptionValues(Map.copyOf(values));
  }
}
