package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.Weighting;
import org.bytedeco.dnnl.memory;

/**
 * The weights that a node's primitives multiply by: its parameter where the network keeps it, or
 * what is made of that in each run.
 */
final class NodeWeights {
  private final Plan plan;
  private final String layer;
  private final String parameter;
  private final memory.desc layout;
  private final Weighting weighting;
  private final Tensor kept;
  private final Tensor values;
  private final boolean isMade;
  private float[] mask;
  private Tensor lengths;

  /** The length of each unit's parameters in the present run. */
  private double[] norms;

  /**
   * Adds the step that makes them, if there is any.
   *
   * @param layout in which the network keeps the parameter
   */
  NodeWeights(Plan plan, String layer, String parameter, memory.desc layout, Weighting weighting) {
    this.plan = plan;
    this.layer = layer;
    this.parameter = parameter;
    this.layout = layout;
    this.weighting = weighting;
    kept = plan.parameter(layer, parameter, layout);
    isMade =
        weighting instanceof Weighting.Normalized
            || (weighting instanceof Weighting.Dropped && plan.isTraining());
    values = isMade ? plan.allocate(layout) : kept;
    if (weighting instanceof Weighting.Normalized normalized) {
      addNormalization(normalized);
    } else if (isMade && weighting instanceof Weighting.Dropped dropped) {
      addDropping(dropped);
    }
  }

  /** The weights. */
  Tensor values() {
    return values;
  }

  private void addNormalization(Weighting.Normalized normalized) {
    int units = Math.toIntExact(normalized.units());
    norms = new double[units];
    lengths = plan.parameter(layer, normalized.length(), OneDnn.plainLayout(units));
    float[] weights = new float[Math.toIntExact(kept.size())];
    int row = weights.length / units;
    plan.add(
        () -> {
          kept.values().get(weights);
          for (int unit = 0; unit < units; unit++) {
            norms[unit] = Math.sqrt(product(weights, weights, unit * row, row));
            double factor = lengths.values().get(unit) / norms[unit];
            for (int i = unit * row; i < (unit + 1) * row; i++) {
              weights[i] = (float) (factor * weights[i]);
            }
          }
          values.values().put(weights);
        },
        values);
  }

  private static double product(float[] first, float[] second, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (double) first[i] * second[i];
    }
    return sum;
  }

  private void addDropping(Weighting.Dropped dropped) {
    mask = new float[Math.toIntExact(kept.size())];
    float[] weights = new float[mask.length];
    plan.add(
        () -> {
          dropped.dropout().draw(mask, 0, mask.length, plan.dropoutKeys()[0], dropped.number());
          kept.values().get(weights);
          multiply(weights, mask);
          values.values().put(weights);
        },
        values);
  }

  private static void multiply(float[] values, float[] factors) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factors[i];
    }
  }

  /** Whether they take more memory than what they multiply. */
  boolean areMoreThan(Tensor input) {
    return layout.get_size() > input.layout().get_size();
  }

  /**
   * Adds the steps of both gradients of a node. That of the weights comes first, unless it is the
   * larger one: it is handed over behind both, and the memory for it is not needed before.
   *
   * @param input what the weights multiply
   * @param isWanted whether anybody needs the gradient of the input
   */
  void addBackward(Tensor input, boolean isWanted, Runnable ofInput, Runnable ofWeights) {
    boolean inputFirst = isWanted && areMoreThan(input);
    if (inputFirst) {
      ofInput.run();
    }
    ofWeights.run();
    if (isWanted && !inputFirst) {
      ofInput.run();
    }
  }

  /** Where the gradient of the weights is to be left, in the layout of the parameter. */
  Tensor gradientPlace() {
    return isMade ? plan.allocate(layout) : plan.parameterGradient(layer, parameter, layout);
  }

  /**
   * Whether that place is the plan's, where a cache line begins; the network's own begins anywhere,
   * and not every primitive may write there.
   */
  boolean gradientIsOfPlan() {
    return isMade || plan.handsOver();
  }

  /** Adds the step from the gradient of the weights to that of the parameters, if there is any. */
  void backward(Tensor gradient) {
    if (!isMade) {
      return;
    }
    Tensor place = plan.parameterGradient(layer, parameter, layout);
    if (weighting instanceof Weighting.Normalized normalized) {
      addNormalizationGradient(normalized, gradient, place);
    } else {
      float[] ofWeights = new float[mask.length];
      plan.add(
          () -> {
            gradient.values().get(ofWeights);
            multiply(ofWeights, mask);
            place.values().put(ofWeights);
          },
          gradient,
          place);
    }
  }

  /** Of a length, the gradient along its direction; of a direction, what is across it. */
  private void addNormalizationGradient(
      Weighting.Normalized normalized, Tensor gradient, Tensor place) {
    Tensor ofLengths = plan.parameterGradient(layer, normalized.length(), lengths.layout());
    float[] directions = new float[Math.toIntExact(kept.size())];
    float[] ofWeights = new float[directions.length];
    int row = directions.length / norms.length;
    plan.add(
        () -> {
          kept.values().get(directions);
          gradient.values().get(ofWeights);
          for (int unit = 0; unit < norms.length; unit++) {
            double along = product(directions, ofWeights, unit * row, row) / norms[unit];
            double factor = lengths.values().get(unit) / norms[unit];
            ofLengths.values().put(unit, (float) along);
            for (int i = unit * row; i < (unit + 1) * row; i++) {
              ofWeights[i] =
                  (float) (factor * (ofWeights[i] - along / norms[unit] * directions[i]));
            }
          }
          place.values().put(ofWeights);
        },
        gradient,
        place,
        ofLengths);
  }
}
