package dev.convoy.worker.training;

import dev.convoy.data.batch.Batch;
import dev.convoy.worker.model.InputShape;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Primitive batches as the arrays that a network takes. */
final class NetworkInput {
  private NetworkInput() {}

  /** The batch's images, float NCHW, copied off the heap. */
  static INDArray images(Batch batch, InputShape shape) {
    long[] dimensions = {batch.size(), shape.channels(), shape.height(), shape.width()};
    int length = batch.size() * shape.channels() * shape.height() * shape.width();
    float[] values =
        batch.images().length == length ? batch.images() : Arrays.copyOf(batch.images(), length);
    return Nd4j.create(values, dimensions, 'c');
  }
}
