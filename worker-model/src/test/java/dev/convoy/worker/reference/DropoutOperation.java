package dev.convoy.worker.reference;

import dev.convoy.worker.graph.DropoutNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** Values times a mask that follows from the keys. */
record DropoutOperation(DropoutNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return masked(arguments.get(0), pass);
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    return List.of(masked(gradient, pass));
  }

  private Values masked(Values values, Pass pass) {
    float[] mask = new float[values.data().length];
    node.dropout()
        .drawImages(mask, values.examples(), values.channels(), pass.dropoutKeys(), node.number());
    Values result = values.zerosAlike();
    for (int i = 0; i < mask.length; i++) {
      result.data()[i] = values.data()[i] * mask[i];
    }
    return result;
  }
}
