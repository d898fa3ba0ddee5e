package dev.convoy.worker.accelerator.compiled;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins operations that pass over the same values: each pass over memory that is saved is time
 * saved. Results change by rounding at most.
 */
final class Fusion {
  private final boolean training;
  private final Map<String, Integer> uses;

  /** Operations by the name of their result, in an order in which they can be computed. */
  private final LinkedHashMap<String, Operation> fused = new LinkedHashMap<>();

  private Fusion(List<Operation> operations, boolean training) {
    this.training = training;
    this.uses = Operation.uses(operations);
    operations.forEach(this::append);
  }

  /**
   * Joins what can be joined.
   *
   * @param operations in an order in which they can be computed
   * @return the same; the last result keeps its name
   */
  static List<Operation> fuse(List<Operation> operations, boolean training) {
    return List.copyOf(new Fusion(operations, training).fused.values());
  }

  private void append(Operation operation) {
    if (operation instanceof Function function) {
      append(function);
    } else if (operation instanceof Pooling pooling) {
      append(pooling);
    } else if (!training && operation instanceof Convolution convolution) {
      put(
          new FoldedConvolution(
              convolution.name(), convolution, null, null, convolution.activation()));
    } else if (!training && operation instanceof Normalization normalization) {
      append(normalization);
    } else if (!training && operation instanceof Sum sum) {
      append(sum);
    } else {
      put(operation);
    }
  }

  private void put(Operation operation) {
    fused.put(operation.name(), operation);
  }

  /** An operation that nobody but the reader of its result uses; null if there is none. */
  private Operation onlyUsedHere(String value) {
    return uses.get(value) == 1 ? fused.get(value) : null;
  }

  /** Puts an operation in the place of another. */
  private void replace(String old, Operation operation) {
    List<Operation> all = new ArrayList<>(fused.values());
    fused.clear();
    for (Operation each : all) {
      put(each.name().equals(old) ? operation : each);
    }
  }

  /** A function goes into the operation before it. */
  private void append(Function function) {
    String input = function.inputs().get(0);
    Operation before = onlyUsedHere(input);
    boolean joins =
        before instanceof Operation.Activated activated
            && activated.activation().isNone()
            && (!(before instanceof Normalization)
                || function.activation().equals(Activation.RELU));
    if (joins) {
      replace(
          input, ((Operation.Activated) before).activated(function.name(), function.activation()));
    } else {
      put(function);
    }
  }

  /**
   * In training, the largest value is taken before the function, if that never decreases: the same
   * result, and the derivative of the function is taken of fewer values.
   */
  private void append(Pooling pooling) {
    String input = pooling.inputs().get(0);
    if (training
        && pooling.isMaximum()
        && onlyUsedHere(input) instanceof Operation.Activated activated
        && !activated.activation().isNone()
        && !(activated instanceof Normalization)) {
      String unpooled = input + " without function";
      Activation activation = activated.activation();
      replace(input, activated.activated(unpooled, Activation.NONE));
      String pooled = pooling.name() + " without function";
      put(pooling.named(pooled).reading(List.of(unpooled)));
      put(new Function(pooling.name(), List.of(pooled), activation));
    } else {
      put(pooling);
    }
  }

  /** In inference, a normalisation goes into the convolution before it. */
  private void append(Normalization normalization) {
    String input = normalization.inputs().get(0);
    if (onlyUsedHere(input) instanceof FoldedConvolution folded
        && folded.normalization() == null
        && folded.addend() == null
        && folded.activation().isNone()) {
      replace(
          input,
          new FoldedConvolution(
              normalization.name(),
              folded.convolution(),
              normalization,
              null,
              normalization.activation()));
    } else {
      put(normalization);
    }
  }

  /** In inference, a sum of two goes into the convolution that is computed last of them. */
  private void append(Sum sum) {
    if (sum.inputs().size() == 2 && sum.activation().isNone()) {
      List<String> order = new ArrayList<>(fused.keySet());
      String first = sum.inputs().get(0);
      String second = sum.inputs().get(1);
      boolean secondIsLast = order.indexOf(second) > order.indexOf(first);
      String last = secondIsLast ? second : first;
      String other = secondIsLast ? first : second;
      if (onlyUsedHere(last) instanceof FoldedConvolution folded
          && folded.addend() == null
          && folded.activation().isNone()) {
        replace(last, folded.plus(sum.name(), other));
        return;
      }
    }
    put(sum);
  }
}
