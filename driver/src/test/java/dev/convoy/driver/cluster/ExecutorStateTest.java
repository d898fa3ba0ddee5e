package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.SyntheticSettings;
import dev.convoy.data.source.TableColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorStateTest {
  private static final ImageShape SHAPE = new ImageShape(8, 8, 1);
  private static final int EXAMPLES = 16;
  private static final int BYTES = EXAMPLES * 8 * 8;
  private static final long RUN = 1;
  private static final long OTHER = 2;

  @TempDir Path directory;

  private final MemoryBudget budget = new MemoryBudget(3L * BYTES);
  private final ExecutorState state = new ExecutorState();
  private final List<Long> released = new ArrayList<>();
  private final ShardCache cache = new ShardCache(released::contains);
  private final List<Integer> evicted = new ArrayList<>();
  private int packed;

  @Test
  void shardsOfAReleasedOwnerGiveTheirMemoryBack() throws IOException {
    use(RUN, 0);
    use(OTHER, 0);
    released.add(RUN);
    cache.closeReleased();
    assertThat(budget.availableBytes()).isEqualTo(2 * BYTES);
    use(OTHER, 0);
    assertThat(packed).isEqualTo(2);
  }

  @Test
  void aShardInUseIsFreedWhenItsTaskEnds() throws IOException {
    ShardCache.Lease zombie = cache.lease(new ShardCache.Key(RUN, 0), 8, budget, source(0));
    released.add(RUN);
    cache.closeReleased();
    zombie.shard().pixels(3, new byte[64], 0);
    assertThat(budget.availableBytes()).isEqualTo(2 * BYTES);
    zombie.close();
    assertThat(budget.availableBytes()).isEqualTo(3 * BYTES);
  }

  @Test
  void aTaskThatOutlivesItsOwnerPacksNothing() {
    released.add(RUN);
    assertThatThrownBy(() -> use(RUN, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read a shard: its images have been released.");
    assertThat(packed).isZero();
  }

  @Test
  void ofMoreShardsThanAreKeptThoseGoThatWereNotUsedForLongest() throws IOException {
    for (int index : new int[] {0, 1, 0, 2, 3}) {
      use(RUN, index, 2);
    }
    assertThat(evicted).containsExactly(1, 0);
    assertThat(budget.availableBytes()).isEqualTo(BYTES);
    use(RUN, 3, 2);
    assertThat(packed).isEqualTo(4);
    use(RUN, 1, 2);
    assertThat(packed).as("packed again").isEqualTo(5);
  }

  @Test
  void whatIsKeptOfOneOwnerCostsAnotherNothing() throws IOException {
    use(OTHER, 0, 1);
    use(RUN, 0, 1);
    use(RUN, 1, 1);
    use(OTHER, 0, 1);
    assertThat(packed).isEqualTo(3);
  }

  @Test
  void aShardInUseIsNotEvicted() throws IOException {
    try (ShardCache.Lease lease = cache.lease(new ShardCache.Key(RUN, 0), 1, budget, source(0))) {
      use(RUN, 1, 1);
      use(RUN, 2, 1);
      assertThat(evicted).containsExactly(1);
      lease.shard().pixels(3, new byte[64], 0);
    }
    use(RUN, 3, 1);
    assertThat(evicted).containsExactlyInAnyOrder(1, 0, 2);
  }

  @Test
  void aShardThatCannotBePackedIsTriedAgain() throws IOException {
    ShardCache.Key key = new ShardCache.Key(RUN, 0);
    assertThatThrownBy(() -> cache.lease(key, 1, budget, failing()))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
    use(RUN, 0);
    assertThat(packed).isEqualTo(1);
    assertThat(budget.availableBytes()).isEqualTo(2 * BYTES);
  }

  @Test
  void whatAnEnsembleSaysIsFreedWithItsOwner() throws Exception {
    ShardCache.Key key = new ShardCache.Key(RUN, 0);
    state.targets(key, () -> new float[] {1});
    assertThat(state.targets(key, () -> new float[] {2})).containsExactly(1);
    state.retain(LiveOwners.of(1, 3, List.of(OTHER)));
    assertThat(state.targets(key, () -> new float[] {3})).containsExactly(3);
    assertThat(state.targets(key, () -> new float[] {4})).as("kept no more").containsExactly(4);
  }

  /** Tasks of an earlier job may come after those of a later one. */
  @Test
  void whatWasSaidEarlierFreesNothing() throws Exception {
    ShardCache.Key key = new ShardCache.Key(OTHER, 0);
    state.retain(LiveOwners.of(5, 3, List.of(OTHER)));
    state.targets(key, () -> new float[] {1});
    state.retain(LiveOwners.of(4, 3, List.of(RUN)));
    assertThat(state.targets(key, () -> new float[] {2})).containsExactly(1);
  }

  private void use(long owner, int index) throws IOException {
    use(owner, index, 8);
  }

  private void use(long owner, int index, int keep) throws IOException {
    try (ShardCache.Lease lease =
        cache.lease(new ShardCache.Key(owner, index), keep, budget, source(index))) {
      assertThat(lease.shard().size()).isEqualTo(EXAMPLES);
    }
  }

  private ShardCache.Source source(int index) {
    return new ShardCache.Source() {
      @Override
      public Shard pack(MemoryBudget memory) throws IOException {
        packed++;
        ImageSource images =
            ImageSources.open(
                new SourceSettings(
                    "synthetic",
                    null,
                    Role.TRAIN,
                    StoredShape.resized(SHAPE),
                    new DecodeLimits(1, 1),
                    TableColumns.USUAL,
                    new SyntheticSettings(EXAMPLES, 1, 2, 0.1, 1)),
                new Configuration(false));
        Listing listing = images.list().listing();
        return ShardPacker.pack(listing, 2, StoredShape.resized(SHAPE), images, memory, directory);
      }

      @Override
      public void evicted() {
        evicted.add(index);
      }
    };
  }

  private static ShardCache.Source failing() {
    return new ShardCache.Source() {
      @Override
      public Shard pack(MemoryBudget memory) throws IOException {
        throw new IOException("gone");
      }

      @Override
      public void evicted() {}
    };
  }
}
