package dev.convoy.data.shard;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sums over the pixels of images, exact and therefore the same in whatever order they are added.
 *
 * @param pixels how many there are
 * @param values for every channel, the sum of its 8-bit values
 * @param squares for every channel, the sum of their squares
 */
public record ChannelSums(long pixels, List<Long> values, List<Long> squares)
    implements Serializable {
  /** Copies the lists. */
  public ChannelSums {
    values = List.copyOf(values);
    squares = List.copyOf(squares);
  }

  /**
   * Those of other images, too.
   *
   * @throws IllegalArgumentException if they have other channels
   */
  public ChannelSums plus(ChannelSums other) {
    return new ChannelSums(
        pixels + other.pixels, added(values, other.values), added(squares, other.squares));
  }

  private static List<Long> added(List<Long> sums, List<Long> others) {
    if (sums.size() != others.size()) {
      throw new IllegalArgumentException(
          "Cannot add sums: expected " + sums.size() + " channels, found " + others.size() + ".");
    }
    return IntStream.range(0, sums.size()).mapToObj(i -> sums.get(i) + others.get(i)).toList();
  }
}
