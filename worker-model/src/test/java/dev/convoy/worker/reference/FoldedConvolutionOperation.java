package dev.convoy.worker.reference;

import dev.convoy.worker.graph.FoldedConvolutionNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** A convolution, a normalisation by running statistics, a sum and a function. */
record FoldedConvolutionOperation(FoldedConvolutionNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    Values value =
        new ConvolutionOperation(node.convolution()).linear(arguments.get(0), shape, pass);
    if (node.normalization().isPresent()) {
      value = new BatchNormalizationOperation(node.normalization().get()).linear(value, pass);
    }
    if (node.addend().isPresent()) {
      value.add(arguments.get(1));
    }
    return Activations.forward(node.activation(), value);
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    throw new UnsupportedOperationException("only in inference");
  }
}
