package dev.convoy.driver.check;

import dev.convoy.data.ImageShape;
import dev.convoy.data.image.PictureSource;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.Examples;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Some examples among others, in an order of their own. Immutable. */
final class ChosenExamples implements Examples {
  private final Examples all;
  private final int[] positions;

  private ChosenExamples(Examples all, int[] positions) {
    this.all = all;
    this.positions = positions;
  }

  /** All of them, shuffled: images are often listed class by class. */
  static ChosenExamples shuffled(Examples all, long seed) {
    int[] positions = IntStream.range(0, all.size()).toArray();
    KeyedRandom.of(seed, Purpose.CHECK, 4).shuffle(positions);
    return new ChosenExamples(all, positions);
  }

  /** Those from one position to before another; fewer where there are not so many. */
  ChosenExamples part(int from, int to) {
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
  public int id(int i) {
    return all.id(positions[i]);
  }

  @Override
  public int copy(int i) {
    return all.copy(positions[i]);
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
