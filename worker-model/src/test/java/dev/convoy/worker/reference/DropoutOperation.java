package dev.convoy.worker.reference;

import dev.convoy.worker.graph.DropoutNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** Values times a mask that follows from the keys. */
record DropoutOperation(DropoutNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    Values result = masked(arguments.get(0), pass);
    float[] mask = mask(arguments.get(0), pass);
    float[] shifts = new float[mask.length];
    node.dropout().shifts(mask, pass.dropoutKeys(), node.number(), shifts);
    for (int i = 0; i < shifts.length; i++) {
      result.data()[i] += shifts[i];
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    return List.of(masked(gradient, pass));
  }

  private float[] mask(Values values, Pass pass) {
    float[] mask = new float[values.data().length];
    node.dropout()
        .drawImages(mask, values.examples(), values.channels(), pass.dropoutKeys(), node.number());
    return mask;
  }

  private Values masked(Values values, Pass pass) {
    float[] mask = mask(values, pass);
    Values result = values.zerosAlike();
    for (int i = 0; i < mask.length; i++) {
      result.data()[i] = values.data()[i] * mask[i];
    }
    return result;
  }
}
