package dev.convoy.worker.reference;

import dev.convoy.worker.graph.ChannelScaleNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** Images times a number for each channel of each image. */
record ChannelScaleOperation(ChannelScaleNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return product(arguments.get(0), arguments.get(1));
  }

  private static Values product(Values images, Values factors) {
    Values result = images.zerosAlike();
    for (int i = 0; i < result.data().length; i++) {
      result.data()[i] = images.data()[i] * factors.data()[i / images.plane()];
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    Values images = arguments.get(0);
    Values ofFactors = arguments.get(1).zerosAlike();
    for (int i = 0; i < gradient.data().length; i++) {
      ofFactors.data()[i / images.plane()] += gradient.data()[i] * images.data()[i];
    }
    return List.of(product(gradient, arguments.get(1)), ofFactors);
  }
}
