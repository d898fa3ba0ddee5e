package dev.convoy.driver.ensemble.statistics;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.BitSet;
import java.util.stream.IntStream;

/** Examples drawn without replacement, for statistics that would cost too much over all of them. */
final class KeyedSample {
  private KeyedSample() {}

  /**
   * The drawn examples; all of them if as many are wanted. A larger sample contains every smaller
   * one of the same seed.
   */
  static BitSet of(long seed, int examples, long wanted) {
    BitSet drawn = new BitSet(examples);
    if (wanted >= examples) {
      drawn.set(0, examples);
      return drawn;
    }
    int[] order = IntStream.range(0, examples).toArray();
    KeyedRandom.of(seed, Purpose.STATISTICS_SAMPLE).shuffle(order);
    IntStream.of(order).limit(wanted).forEach(drawn::set);
    return drawn;
  }
}
