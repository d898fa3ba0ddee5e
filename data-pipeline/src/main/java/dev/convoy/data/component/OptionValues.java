package dev.convoy.data.component;

import java.util.Map;

/** The values of a component's options, checked, with the defaults filled in. Immutable. */
public final class OptionValues {
  private final String component;
  private final Map<Option<?>, Object> values;

  OptionValues(String component, Map<Option<?>, Object> values) {
    this.component = component;
    this.values = values;
  }

  /**
   * The value of an option.
   *
   * @throws IllegalArgumentException if the component does not declare the option: a defect of the
   *     component
   */
  @SuppressWarnings("unchecked") // the value was read by the option's own type
  public <T> T value(Option<T> option) {
    Object value = values.get(option);
    if (value == null) {
      throw new IllegalArgumentException(
          "Cannot make "
              + component
              + ": expected a declared option, found "
              + option.name()
              + ", which its declaration lacks.");
    }
    return (T) value;
  }
}
