package dev.convoy.worker.backend;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Gradients of a network's values, while the backward steps of a plan are built.
 *
 * @param <T> tensors
 */
public final class Gradients<T> {
  private final Set<String> unwanted;
  private final Sum<T> sum;
  private final Map<String, T> byValue = new HashMap<>();

  /**
   * Adds the step that sums two contributions to a value's gradient.
   *
   * @param <T> tensors
   */
  @FunctionalInterface
  public interface Sum<T> {
    /** The sum of what is known so far and what comes to it. */
    T of(String value, T known, T more);
  }

  /**
   * Has none yet.
   *
   * @param unwanted values whose gradient nobody needs: the images, and what is settled
   * @param sum adds the step that sums two contributions
   */
  public Gradients(Set<String> unwanted, Sum<T> sum) {
    this.unwanted = unwanted;
    this.sum = sum;
  }

  /** Whether a value's gradient is needed at all. */
  public boolean areWanted(String value) {
    return !unwanted.contains(value);
  }

  /** Adds to a value's gradient what comes from one of its users. */
  public void add(String value, T contribution) {
    if (areWanted(value)) {
      byValue.merge(value, contribution, (known, more) -> sum.of(value, known, more));
    }
  }

  /** Whether anything was added to a value's gradient. */
  public boolean hold(String value) {
    return byValue.containsKey(value);
  }

  /** A value's complete gradient. */
  public T take(String value) {
    return byValue.remove(value);
  }
}
