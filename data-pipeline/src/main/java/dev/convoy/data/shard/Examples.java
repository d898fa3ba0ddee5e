package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.image.PictureSource;

/**
 * Examples that can be read in any order: a shard, or some of one, some of them several times. Any
 * number of threads may read.
 */
public interface Examples {
  /** How many there are, repetitions counted. */
  int size();

  /** The class of the example at position {@code i}. */
  int label(int i);

  /** How much the example at position {@code i} counts in the loss. */
  default float weight(int i) {
    return 1;
  }

  /** How many numbers are to be learned of each example; 0 where labels are classes. */
  default int numbersEach() {
    return 0;
  }

  /** The numbers to be learned of the example at position {@code i}; a copy. */
  default float[] numbers(int i) {
    return new float[0];
  }

  /** The index of the example at position {@code i} in the full listing of its source. */
  int id(int i);

  /** How many positions before {@code i} hold the same example: 0 where none is repeated. */
  int copy(int i);

  /**
   * Copies the pixels of the example at position {@code i}, as many 8-bit values as {@link #shape}
   * has, in CHW order, to {@code target} from {@code offset} on.
   *
   * @throws java.io.UncheckedIOException when the spill file cannot be read
   * @throws IllegalStateException when the shard is closed
   * @throws java.util.concurrent.CancellationException when the thread is interrupted while it
   *     waits for memory to decode in; it stays interrupted
   */
  void pixels(int i, byte[] target, int offset);

  /** The picture at position {@code i}, of which parts can be read; throws as {@link #pixels}. */
  default PictureSource picture(int i) {
    return new WholePicture(this, i);
  }

  /**
   * Whether the pixels of the example at position {@code i} are decoded when they are asked for.
   */
  default boolean isEncoded(int i) {
    return false;
  }

  /** The shape of the example at position {@code i}, which may be larger than the input's. */
  ImageShape shape(int i);

  /** The shape that a network takes. */
  ImageShape input();
}
