package dev.convoy.worker.model.written;

import dev.convoy.data.component.ValueType;
import java.util.Optional;
import java.util.regex.Pattern;

/** What values of a network may be called. */
final class ValueNames {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");

  /** A name. */
  static final ValueType<String> TYPE =
      new ValueType.Notation<>(
          text -> Optional.of(text).filter(name -> NAME.matcher(name).matches()),
          "a name of letters, digits and '-' that begins with a letter");

  private ValueNames() {}
}
