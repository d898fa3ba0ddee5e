package dev.convoy.worker.model;

import java.util.List;
import java.util.Map;

/** Checked option values of one model, with the defaults filled in. */
record OptionValues(Map<String, Object> values) {

  int size(String option) {
    return ((Number) values.get(option)).intValue();
  }

  double number(String option) {
    return ((Number) values.get(option)).doubleValue();
  }

  List<Integer> sizes(String option) {
    return ((List<?>) values.get(option))
        .stream().map(element -> ((Number) element).intValue()).toList();
  }
}
