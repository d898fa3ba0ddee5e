package dev.convoy.worker.loss;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Problem;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * How much each class counts in a loss.
 *
 * @param values by class, at least 0; empty where all count 1
 */
public record ClassWeights(List<Double> values) {
  /** All count alike. */
  public static final ClassWeights ALIKE = new ClassWeights(List.of());

  /** The word for weights in inverse proportion to the frequency of the training classes. */
  private static final String BALANCED = "balanced";

  private static final ValueType<List<Double>> LIST =
      new ValueType.ListOf<>(ValueType.number(Range.atLeast(0)), 1, Integer.MAX_VALUE);

  private static final ValueType<ClassWeights> TYPE =
      new ValueType.Structure<>(
          ClassWeights::read, BALANCED + ", or a list with a number of at least 0 for each class");

  /** Copies the weights. */
  public ClassWeights {
    values = List.copyOf(values);
  }

  /** An option that holds class weights. */
  static Option<Optional<ClassWeights>> option(String name, String meaning) {
    return Option.optional(name, TYPE, meaning);
  }

  private static Optional<ClassWeights> read(Object value, List<Problem> problems) {
    if (BALANCED.equals(value)) {
      return Optional.of(ALIKE); // until the images are known
    }
    return value instanceof List<?>
        ? LIST.read(value, problems).map(ClassWeights::new)
        : Optional.empty();
  }

  /** Whether all count 1. */
  boolean areAlike() {
    return values.isEmpty();
  }

  /** The weight of a class. */
  double of(int label) {
    return values.isEmpty() ? 1 : values.get(label);
  }

  /**
   * A loss whose weights are numbers: those of balanced classes are n / (k·nᵢ) for n images of k
   * classes, so that they have a mean of 1 over the images. A class without images weighs 0.
   *
   * @param loss a member of {@link Losses#FAMILY}
   * @param counts training images by class
   * @throws IllegalArgumentException if there is not a weight for each class
   */
  public static ComponentSettings known(ComponentSettings loss, long[] counts) {
    Map<String, Object> options = new TreeMap<>(loss.options());
    for (Option<?> option : Losses.FAMILY.member(loss.name()).options()) {
      Object given = options.get(option.name());
      if (!option.type().equals(new ValueType.OptionalOf<>(TYPE)) || given == null) {
        continue;
      }
      if (BALANCED.equals(given)) {
        options.put(option.name(), balanced(counts));
      } else if (given instanceof List<?> list && list.size() != counts.length) {
        throw new IllegalArgumentException(
            "loss."
                + option.name()
                + ": expected "
                + counts.length
                + " numbers, one for each class, found "
                + list.size());
      }
    }
    return new ComponentSettings(loss.name(), options);
  }

  private static List<Double> balanced(long[] counts) {
    double images = LongStream.of(counts).sum();
    List<Double> weights = new ArrayList<>();
    for (long count : counts) {
      weights.add(count == 0 ? 0 : images / counts.length / count);
    }
    return weights;
  }
}
