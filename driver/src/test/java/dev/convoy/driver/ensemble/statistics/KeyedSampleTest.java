package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class KeyedSampleTest {
  @Test
  void ofEnoughExamplesSoManyAsAreWanted() {
    assertThat(KeyedSample.of(1, 100, 30).cardinality()).isEqualTo(30);
    assertThat(KeyedSample.of(1, 100, 100).cardinality()).isEqualTo(100);
    assertThat(KeyedSample.of(1, 100, Long.MAX_VALUE).cardinality()).isEqualTo(100);
    assertThat(KeyedSample.of(1, 0, 5).cardinality()).isZero();
  }

  @Test
  void everyExampleIsEquallyLikely() {
    int[] drawn = new int[10];
    for (int seed = 0; seed < 2000; seed++) {
      KeyedSample.of(seed, 10, 3).stream().forEach(example -> drawn[example]++);
    }
    // Five standard deviations: 5 * sqrt(2000 * 0.3 * 0.7).
    for (int count : drawn) {
      assertThat(count).isCloseTo(600, within(103));
    }
  }

  @Test
  void aSampleHoldsEverySmallerOne() {
    BitSet large = KeyedSample.of(4, 50, 20);
    BitSet small = KeyedSample.of(4, 50, 7);
    small.andNot(large);
    assertThat(small.isEmpty()).isTrue();
  }
}
