package dev.convoy.worker.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrangementTest {
  private static final int ALIGNMENT = 64;

  /** A piece of memory that is nowhere. */
  private record Piece(long bytes) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsAliveAtTheSameStepLiesApart(long seed) {
    Random random = new Random(seed);
    List<Storage<Piece>> storages = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int first = random.nextInt(100);
      storages.add(storage(1 + random.nextInt(5000), first, first + random.nextInt(20)));
    }
    Piece piece = place(storages);
    for (Storage<Piece> one : storages) {
      assertThat(one.place()).isSameAs(piece);
      assertThat(one.offset() % ALIGNMENT).isZero();
      assertThat(one.offset() + one.bytes()).isLessThanOrEqualTo(piece.bytes());
      for (Storage<Piece> other : storages) {
        assertThat(one == other || !one.livesWith(other) || areApart(one, other)).isTrue();
      }
    }
    assertThat(piece.bytes()).isLessThan(3 * mostAlive(storages) / 2);
  }

  @Test
  void theWayForwardAndBackTakesWhatIsAliveAtOnce() {
    List<Storage<Piece>> storages = new ArrayList<>();
    for (int layer = 0; layer < 30; layer++) {
      storages.add(storage(64L * (1 + layer % 7), layer, 60 - layer));
      storages.add(storage(64L * (1 + layer % 7), 60 - layer, 61 - layer)); // its gradient
    }
    assertThat(place(storages).bytes()).isEqualTo(mostAlive(storages));
  }

  @Test
  void aStorageThatIsAPartOfAnotherLiesThere() {
    Storage<Piece> argument = storage(640, 0, 1);
    Storage<Piece> result = storage(640, 1, 2);
    Storage<Piece> apart = storage(640, 2, 3);
    result.overwriteIfUnused(argument);
    assertThat(place(List.of(argument, result, apart)).bytes()).isEqualTo(1280);
    assertThat(result.offset()).isEqualTo(argument.offset());
    assertThat(areApart(result, apart)).isTrue();
  }

  @Test
  void whatHasAPlaceKeepsIt() {
    Storage<Piece> elsewhere = Storage.at(new Piece(64), 64);
    elsewhere.touch(0);
    assertThat(place(List.of(elsewhere)).bytes()).isZero();
  }

  private static Piece place(List<Storage<Piece>> storages) {
    return Arrangement.place(storages, ALIGNMENT, Piece::new);
  }

  private static Storage<Piece> storage(long bytes, int first, int last) {
    Storage<Piece> storage = Storage.ofPlan(bytes);
    storage.touch(first);
    storage.touch(last);
    return storage;
  }

  private static boolean areApart(Storage<Piece> one, Storage<Piece> other) {
    return one.offset() + one.bytes() <= other.offset()
        || other.offset() + other.bytes() <= one.offset();
  }

  private static long mostAlive(List<Storage<Piece>> storages) {
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
