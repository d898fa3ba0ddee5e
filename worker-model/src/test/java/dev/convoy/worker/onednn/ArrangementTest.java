package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrangementTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsAliveAtTheSameStepLiesApart(long seed) {
    Random random = new Random(seed);
    List<Storage> storages = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int first = random.nextInt(100);
      storages.add(storage(1 + random.nextInt(5000), first, first + random.nextInt(20)));
    }
    Place place = Arrangement.place(storages);
    place.allocate();
    try {
      for (Storage one : storages) {
        assertThat(one.values().address() % Place.CACHE_LINE).isZero();
        for (Storage other : storages) {
          assertThat(one == other || !one.livesWith(other) || areApart(one, other)).isTrue();
        }
      }
      assertThat(place.bytes()).isLessThan(3 * mostAlive(storages) / 2);
    } finally {
      place.free();
    }
  }

  @Test
  void theWayForwardAndBackTakesWhatIsAliveAtOnce() {
    List<Storage> storages = new ArrayList<>();
    for (int layer = 0; layer < 30; layer++) {
      storages.add(storage(64L * (1 + layer % 7), layer, 60 - layer));
      storages.add(storage(64L * (1 + layer % 7), 60 - layer, 61 - layer)); // its gradient
    }
    assertThat(Arrangement.place(storages).bytes()).isEqualTo(mostAlive(storages));
  }

  @Test
  void aStorageThatIsAPartOfAnotherLiesThere() {
    Storage argument = storage(640, 0, 1);
    Storage result = storage(640, 1, 2);
    Storage apart = storage(640, 2, 3);
    result.overwriteIfUnused(argument);
    Place place = Arrangement.place(List.of(argument, result, apart));
    place.allocate();
    try {
      assertThat(place.bytes()).isEqualTo(1280);
      assertThat(result.values()).isEqualTo(argument.values());
      assertThat(areApart(result, apart)).isTrue();
    } finally {
      place.free();
    }
  }

  @Test
  void whatHasAPlaceKeepsIt() {
    Storage elsewhere = Storage.at(Place.ofBytes(64));
    elsewhere.touch(0);
    assertThat(Arrangement.place(List.of(elsewhere)).bytes()).isZero();
  }

  private static Storage storage(long bytes, int first, int last) {
    Storage storage = Storage.ofPlan(bytes);
    storage.touch(first);
    storage.touch(last);
    return storage;
  }

  private static boolean areApart(Storage one, Storage other) {
    return one.values().address() + one.bytes() <= other.values().address()
        || other.values().address() + other.bytes() <= one.values().address();
  }

  private static long mostAlive(List<Storage> storages) {
    return IntStream.range(0, 150)
        .mapToLong(
            step ->
                storages.stream()
                    .filter(each -> each.firstStep() <= step && step <= each.lastStep())
                    .mapToLong(Storage::bytes)
                    .sum())
        .max()
        .orElseThrow();
  }
}
