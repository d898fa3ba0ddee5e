package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Which listed example goes where: pure functions of the seed and the listing. */
public final class DataSplit {
  private DataSplit() {}

  /**
   * What is held out, and the rest.
   *
   * @param rest positions in the listing, increasing
   * @param held positions in the listing, increasing
   */
  record Positions(int[] rest, int[] held) {}

  /** What a fraction is held out for. */
  enum Part {
    VALIDATION(Purpose.SPLIT),
    TEST(Purpose.TEST_SPLIT);

    private final Purpose purpose;

    Part(Purpose purpose) {
      this.purpose = purpose;
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The first {@code limit} positions of a seeded permutation, in increasing order. */
  static int[] limit(int size, int limit, long seed) {
    int[] positions = IntStream.range(0, size).toArray();
    if (limit >= size) {
      return positions;
    }
    KeyedRandom.of(seed, Purpose.LIMIT).shuffle(positions);
    int[] chosen = Arrays.copyOf(positions, limit);
    Arrays.sort(chosen);
    return chosen;
  }

  /** Some examples, those that {@code data.limit} would keep. */
  public static Listing some(Listing listing, int count, long seed) {
    return listing.select(limit(listing.size(), count, seed));
  }

  /**
   * Holds a fraction of every class out, rounded to whole examples; a class always keeps one.
   *
   * @throws DataException if that holds nothing out
   */
  static Positions stratified(Listing listing, int classes, double fraction, long seed, Part part) {
    boolean[] held = new boolean[listing.size()];
    for (int label = 0; label < classes; label++) {
      int current = label;
      int[] members =
          IntStream.range(0, listing.size()).filter(i -> listing.label(i) == current).toArray();
      KeyedRandom.of(seed, part.purpose, label).shuffle(members);
      int count = (int) Math.min(members.length - 1L, Math.round(fraction * members.length));
      for (int i = 0; i < count; i++) {
        held[members[i]] = true;
      }
    }
    Positions positions = positions(held);
    if (positions.held().length == 0) {
      throw new DataException(
          "Cannot split off %1$s images: expected at least one in a fraction of %2$s of each class,"
              + " found none among %3$d images. Raise data.%1$s, or give it a path.",
          part.text(), fraction, listing.size());
    }
    return positions;
  }

  /**
   * Takes one of several parts for validation. The parts are disjoint and together all examples;
   * their sizes differ by one at most, in all and in every class. An example that is alone in its
   * class is in none of them: every class keeps one for training.
   *
   * @throws DataException if there are fewer examples than parts
   */
  static Positions fold(Listing listing, int classes, Validation.Fold fold, long seed) {
    int[] sizes = new int[classes];
    for (int i = 0; i < listing.size(); i++) {
      sizes[listing.label(i)]++;
    }
    // Dealt like cards, class after class: the next class goes on where the last one ended.
    int[] next = new int[classes];
    int dealt = 0;
    for (int label = 0; label < classes; label++) {
      next[label] = dealt;
      dealt += sizes[label] > 1 ? sizes[label] : 0;
    }
    if (dealt < fold.folds()) {
      throw new DataException(
          "Cannot make %d parts for cross-validation: expected at least as many images of classes"
              + " with two or more, found %d. Lower data.validation.folds.",
          fold.folds(), dealt);
    }
    int[] order = IntStream.range(0, listing.size()).toArray();
    KeyedRandom.of(seed, Purpose.SPLIT).shuffle(order);
    boolean[] held = new boolean[listing.size()];
    for (int position : order) {
      int label = listing.label(position);
      if (sizes[label] > 1) {
        held[position] = next[label]++ % fold.folds() == fold.fold() - 1;
      }
    }
    return positions(held);
  }

  private static Positions positions(boolean[] held) {
    return new Positions(
        IntStream.range(0, held.length).filter(i -> !held[i]).toArray(),
        IntStream.range(0, held.length).filter(i -> held[i]).toArray());
  }

  /** Deals examples by a seeded permutation to shards whose sizes differ by one at most. */
  public static Listing[] shuffled(Listing listing, int count, long seed) {
    int[] positions = IntStream.range(0, listing.size()).toArray();
    KeyedRandom.of(seed, Purpose.SHARDING).shuffle(positions);
    return deal(listing, positions, count);
  }

  /** Cuts a listing into shards whose sizes differ by one at most. */
  public static Listing[] inOrder(Listing listing, int count) {
    return deal(listing, IntStream.range(0, listing.size()).toArray(), count);
  }

  private static Listing[] deal(Listing listing, int[] positions, int count) {
    Listing[] shards = new Listing[count];
    for (int shard = 0; shard < count; shard++) {
      int from = (int) ((long) shard * positions.length / count);
      int to = (int) ((shard + 1L) * positions.length / count);
      int[] members = Arrays.copyOfRange(positions, from, to);
      Arrays.sort(members);
      shards[shard] = listing.select(members);
    }
    return shards;
  }
}
