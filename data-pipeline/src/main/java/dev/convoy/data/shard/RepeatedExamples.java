package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.image.PictureSource;

/** Examples of a shard, each as often as it is told; a view, without pixels of its own. */
final class RepeatedExamples implements Examples {
  private final Shard shard;
  private final int[] positions;

  /**
   * A view.
   *
   * @param positions in {@code shard}, in increasing order; taken over
   */
  RepeatedExamples(Shard shard, int[] positions) {
    this.shard = shard;
    this.positions = positions;
  }

  @Override
  public int size() {
    return positions.length;
  }

  @Override
  public int label(int i) {
    return shard.label(positions[i]);
  }

  @Override
  public float weight(int i) {
    return shard.weight(positions[i]);
  }

  @Override
  public int numbersEach() {
    return shard.numbersEach();
  }

  @Override
  public float[] numbers(int i) {
    return shard.numbers(positions[i]);
  }

  @Override
  public int id(int i) {
    return shard.id(positions[i]);
  }

  @Override
  public int copy(int i) {
    int first = i;
    while (first > 0 && positions[first - 1] == positions[i]) {
      first--;
    }
    return i - first;
  }

  @Override
  public void pixels(int i, byte[] target, int offset) {
    shard.pixels(positions[i], target, offset);
  }

  @Override
  public PictureSource picture(int i) {
    return shard.picture(positions[i]);
  }

  @Override
  public boolean isEncoded(int i) {
    return shard.isEncoded(positions[i]);
  }

  @Override
  public ImageShape shape(int i) {
    return shard.shape(positions[i]);
  }

  @Override
  public ImageShape input() {
    return shard.input();
  }
}
