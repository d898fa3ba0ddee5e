package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Weighting;

/** What a node multiplies by, made of its parameter, and the way back for gradients. */
final class EffectiveWeights {
  private final Parameters.Parameter kept;
  private final Weighting weighting;
  private final Pass pass;
  private final String layer;
  private final double[] values;
  private final double[] gradients;
  private final float[] mask;

  EffectiveWeights(String layer, String parameter, Weighting weighting, Pass pass) {
    this.layer = layer;
    this.weighting = weighting;
    this.pass = pass;
    kept = pass.parameters().of(layer, parameter);
    values = new double[kept.length()];
    gradients = new double[values.length];
    mask = new float[values.length];
    java.util.Arrays.fill(mask, 1);
    if (weighting instanceof Weighting.Dropped dropped && pass.training()) {
      dropped.dropout().draw(mask, 0, mask.length, pass.dropoutKeys()[0], dropped.number());
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = kept.value(i) * mask[i];
    }
    if (weighting instanceof Weighting.Normalized normalized) {
      int row = row(normalized);
      for (int i = 0; i < values.length; i++) {
        values[i] *= length(normalized, i / row) / norm(i / row, row);
      }
    }
  }

  private int row(Weighting.Normalized normalized) {
    return Math.toIntExact(values.length / normalized.units());
  }

  private double length(Weighting.Normalized normalized, int unit) {
    return pass.parameters().of(layer, normalized.length()).value(unit);
  }

  private double norm(int unit, int row) {
    double squares = 0;
    for (int i = unit * row; i < (unit + 1) * row; i++) {
      squares += kept.value(i) * kept.value(i);
    }
    return Math.sqrt(squares);
  }

  double value(int i) {
    return values[i];
  }

  void addGradient(int i, double gradient) {
    gradients[i] += gradient;
  }

  /** Adds what has come together to the gradients of the parameters. */
  void backward() {
    if (weighting instanceof Weighting.Normalized normalized) {
      int row = row(normalized);
      for (int unit = 0; unit < normalized.units(); unit++) {
        double norm = norm(unit, row);
        double along = 0;
        for (int i = unit * row; i < (unit + 1) * row; i++) {
          along += gradients[i] * kept.value(i) / norm;
        }
        pass.parameters().of(layer, normalized.length()).addGradient(unit, along);
        for (int i = unit * row; i < (unit + 1) * row; i++) {
          double across = gradients[i] - along * kept.value(i) / norm;
          kept.addGradient(i, length(normalized, unit) / norm * across);
        }
      }
    } else {
      for (int i = 0; i < gradients.length; i++) {
        kept.addGradient(i, gradients[i] * mask[i]);
      }
    }
  }
}
