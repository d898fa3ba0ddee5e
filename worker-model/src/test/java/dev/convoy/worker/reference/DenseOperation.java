package dev.convoy.worker.reference;

import dev.convoy.worker.graph.DenseNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** f(W x + b). */
record DenseOperation(DenseNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return Activations.forward(node.activation(), linear(arguments.get(0), shape, pass));
  }

  private Values linear(Values input, Shape shape, Pass pass) {
    EffectiveWeights weights = new EffectiveWeights(node.layer(), "W", node.weighting(), pass);
    int width = Math.toIntExact(node.width());
    int units = Math.toIntExact(node.units());
    Values result = Values.zeros(input.examples(), shape);
    for (int i = 0; i < result.data().length; i++) {
      int example = i / units;
      int unit = i % units;
      double sum = node.hasBias() ? pass.parameters().of(node.layer(), "b").value(unit) : 0;
      for (int j = 0; j < width; j++) {
        sum += weights.value(unit * width + j) * input.data()[example * width + j];
      }
      result.data()[i] = sum;
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    Values input = arguments.get(0);
    Values inner =
        Activations.backward(node.activation(), linear(input, result.shape(), pass), gradient);
    EffectiveWeights weights = new EffectiveWeights(node.layer(), "W", node.weighting(), pass);
    int width = Math.toIntExact(node.width());
    int units = Math.toIntExact(node.units());
    Values inputGradient = input.zerosAlike();
    for (int i = 0; i < inner.data().length; i++) {
      int example = i / units;
      int unit = i % units;
      double slope = inner.data()[i];
      if (node.hasBias()) {
        pass.parameters().of(node.layer(), "b").addGradient(unit, slope);
      }
      for (int j = 0; j < width; j++) {
        weights.addGradient(unit * width + j, slope * input.data()[example * width + j]);
        inputGradient.data()[example * width + j] += slope * weights.value(unit * width + j);
      }
    }
    weights.backward();
    return List.of(inputGradient);
  }
}
