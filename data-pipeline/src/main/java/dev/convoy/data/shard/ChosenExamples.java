package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.image.PictureSource;
import java.util.Arrays;

/** Some examples among others, in an order of their own; a view, without pixels of its own. */
public final class ChosenExamples implements Examples {
  private final Examples all;
  private final int[] positions;

  /**
   * A view.
   *
   * @param positions in {@code all}, those of an example that is there several times one after the
   *     other; taken over
   */
  public ChosenExamples(Examples all, int[] positions) {
    this.all = all;
    this.positions = positions;
  }

  /** Those from one position to before another; fewer where there are not so many. */
  public ChosenExamples part(int from, int to) {
    return new ChosenExamples(all, Arrays.copyOfRange(positions, from, Math.min(to, size())));
  }

  @Override
  public int size() {
    return positions.length;
  }

  @Override
  public int label(int i) {
    return all.label(positions[i]);
  }

  @Override
  public float weight(int i) {
    return all.weight(positions[i]);
  }

  @Override
  public int numbersEach() {
    return all.numbersEach();
  }

  @Override
  public float[] numbers(int i) {
    return all.numbers(positions[i]);
  }

  @Override
  public int id(int i) {
    return all.id(positions[i]);
  }

  @Override
  public int copy(int i) {
    int first = i;
    while (first > 0 && positions[first - 1] == positions[i]) {
      first--;
    }
    return all.copy(positions[i]) + i - first;
  }

  @Override
  public void pixels(int i, byte[] target, int offset) {
    all.pixels(positions[i], target, offset);
  }

  @Override
  public PictureSource picture(int i) {
    return all.picture(positions[i]);
  }

  @Override
  public boolean isEncoded(int i) {
    return all.isEncoded(positions[i]);
  }

  @Override
  public ImageShape shape(int i) {
    return all.shape(positions[i]);
  }

  @Override
  public ImageShape input() {
    return all.input();
  }
}
