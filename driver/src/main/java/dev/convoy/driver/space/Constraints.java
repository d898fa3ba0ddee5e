package dev.convoy.driver.space;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import dev.convoy.driver.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.jexl3.JexlArithmetic;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlExpression;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.MapContext;

/**
 * What samples must satisfy: {@code search.where}, a list of JEXL expressions over keys of the
 * effective configuration, such as {@code optimizer.learning-rate * training.batch-size < 32} or
 * {@code optimizer.name != 'adam' || optimizer.learning-rate <= 0.01}. Expressions calculate and
 * compare; they cannot assign, call methods or reach Java. A quotient is never rounded. Immutable;
 * driver only.
 */
public final class Constraints {
  private static final JexlEngine ENGINE =
      new JexlBuilder()
          .features(
              JexlFeatures.createNone()
                  .comparatorNames(true)
                  .structuredLiteral(true)
                  .sideEffectGlobal(false))
          .permissions(new NoJava())
          .arithmetic(new RealDivision())
          .strict(true)
          .silent(false)
          .safe(false)
          .create();

  /**
   * A constraint that was read.
   *
   * @param text as written
   * @param keys those that occur in it, in order
   * @param expression with key number n replaced by the identifier for n
   */
  private record Constraint(String text, List<String> keys, JexlExpression expression) {}

  private final List<Constraint> constraints;

  private Constraints(List<Constraint> constraints) {
    this.constraints = List.copyOf(constraints);
  }

  /**
   * Reads constraints.
   *
   * @param expressions all must hold
   * @param knownKeys the keys that may occur, as dotted paths
   * @throws ConfigurationException naming each expression that cannot be read or that has an
   *     unknown key
   */
  public static Constraints of(List<String> expressions, Set<String> knownKeys) {
    List<Constraint> constraints = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String expression : expressions) {
      if (expression.isBlank()) {
        problems.add(problem(expression, "an expression that can be read, found none"));
        continue;
      }
      KeyReplacement replaced = new KeyReplacement(expression, knownKeys);
      if (!replaced.unknown().isEmpty()) {
        replaced
            .unknown()
            .forEach(word -> problems.add(problem(expression, "known keys, found " + word)));
        continue;
      }
      try {
        constraints.add(
            new Constraint(
                expression, replaced.keys(), ENGINE.createExpression(replaced.expression())));
      } catch (JexlException e) {
        String found = replaced.withKeys(String.valueOf(e.getDetail()));
        problems.add(problem(expression, "an expression that can be read, found " + found));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new Constraints(constraints);
  }

  private static String problem(String expression, String expected) {
    return "search.where = " + ConfigUtil.quoteString(expression) + ": expected " + expected;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return constraints.isEmpty();
  }

  /**
   * Whether all hold.
   *
   * @param effective the resolved configuration of a sample, with defaults; a key that it does not
   *     have is null
   * @throws ConfigurationException if one is neither true nor false, as when it compares a number
   *     with null
   */
  public boolean hold(Config effective) {
    return constraints.stream().allMatch(constraint -> holds(constraint, effective));
  }

  private static boolean holds(Constraint constraint, Config effective) {
    MapContext context = new MapContext();
    for (int index = 0; index < constraint.keys().size(); index++) {
      context.set(
          KeyReplacement.identifier(index), valueAt(effective, constraint.keys().get(index)));
    }
    Object found;
    try {
      found = constraint.expression().evaluate(context);
    } catch (JexlException e) {
      throw new ConfigurationException(
          problem(
              constraint.text(),
              "a value for this sample, found " + describe(constraint, context)));
    }
    if (found instanceof Boolean holds) {
      return holds;
    }
    throw new ConfigurationException(problem(constraint.text(), "true or false, found " + found));
  }

  private static String describe(Constraint constraint, MapContext context) {
    List<String> values = new ArrayList<>();
    for (int index = 0; index < constraint.keys().size(); index++) {
      values.add(
          constraint.keys().get(index) + " = " + context.get(KeyReplacement.identifier(index)));
    }
    return values.isEmpty() ? "none" : String.join(", ", values);
  }

  private static Object valueAt(Config effective, String key) {
    ConfigValue value = effective.root();
    for (String part : ConfigUtil.splitPath(key)) {
      value = part(value, part);
    }
    return value == null ? null : value.unwrapped();
  }

  private static ConfigValue part(ConfigValue value, String part) {
    if (value instanceof ConfigObject object) {
      return object.get(part);
    }
    boolean position = part.matches("\\d{1,9}");
    return value instanceof ConfigList list && position && Integer.parseInt(part) < list.size()
        ? list.get(Integer.parseInt(part))
        : null;
  }

  /** Divides whole numbers as real ones: 1/3 is not 0. */
  private static final class RealDivision extends JexlArithmetic {
    RealDivision() {
      super(true);
    }

    @Override
    public Object divide(Object left, Object right) {
      return super.divide(toDouble(left), toDouble(right));
    }
  }
}
