package dev.convoy.driver.ensemble.predictions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.source.Listing;
import dev.convoy.driver.directory.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionTableTest {
  private static final Listing ALL = Listing.ofRecords("records", new int[] {2, 0, 1, 1, 0});

  @TempDir Path scratch;

  private static float[] answer(float first) {
    return new float[] {9, first, 1 - first, 0, 9};
  }

  @Test
  void examplesAreInTheOrderOfTheirIdsHoweverTheyAreDealt() {
    List<Listing> parts = List.of(ALL.select(new int[] {1, 4}), ALL.select(new int[] {0, 3}));
    try (PredictionTable table = new PredictionTable(parts, 2, 3, scratch)) {
      table.put(4, 0, answer(0.25f), 1);
      table.put(0, 1, answer(0.5f), 1);
      table.put(4, 1, answer(0.75f), 1);

      assertThat(table.examples()).isEqualTo(4);
      assertThat(table.members()).isEqualTo(2);
      assertThat(table.classes()).isEqualTo(3);
      assertThat(List.of(table.id(0), table.id(1), table.id(2), table.id(3)))
          .containsExactly(0, 1, 3, 4);
      assertThat(List.of(table.label(0), table.label(1), table.label(2), table.label(3)))
          .containsExactly(2, 0, 1, 0);
      float[] row = new float[6];
      table.read(3, row);
      assertThat(row).containsExactly(0.25f, 0.75f, 0, 0.75f, 0.25f, 0);
      assertThat(parts(table, 0)).containsExactly(false, true);
      assertThat(parts(table, 1)).containsExactly(false, false);
      assertThat(parts(table, 3)).containsExactly(true, true);
    }
  }

  private static boolean[] parts(PredictionTable table, int example) {
    boolean[] parts = new boolean[2];
    table.readParts(example, parts);
    return parts;
  }

  @Test
  void theFileIsGoneWhenTheTableIs() throws IOException {
    try (PredictionTable table = new PredictionTable(List.of(ALL), 2, 3, scratch)) {
      assertThat(files()).isEqualTo(1);
      assertThat(table.examples()).isEqualTo(5);
    }
    assertThat(files()).isZero();
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(scratch)) {
      return files.count();
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    Path nowhere = scratch.resolve("nowhere");
    assertThatThrownBy(() -> new PredictionTable(List.of(ALL), 2, 3, nowhere))
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("Cannot keep predictions in " + nowhere + ": ");
  }

  @Test
  void tablesThatADiskHasNoRoomForAreRefusedBeforeTheyAreMade() {
    PredictionTable.requireRoom(5, 2, 3, scratch);
    assertThatThrownBy(
            () -> PredictionTable.requireRoom(1L << 40, 1000, Integer.MAX_VALUE, scratch))
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("Cannot keep predictions in " + scratch + ": expected ")
        .hasMessageContaining("1,099,511,627,776 images, 1,000 answers to each and 2,147,483,647");
  }
}
