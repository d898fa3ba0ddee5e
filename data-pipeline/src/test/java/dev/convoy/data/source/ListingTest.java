package dev.convoy.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListingTest {
  private final Listing listing =
      Listing.of(
          new String[] {"one", "two", "three"},
          new int[] {0, 0, 1, 2},
          new int[] {0, 1, -1, 0},
          new int[] {5, 6, 7, 8});

  @Test
  void idsAreIndicesOfTheFullListing() {
    assertThat(IntStream.range(0, 4).map(listing::id)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void selectionsKeepIdsLabelsAndPlaces() {
    Listing selected = listing.select(new int[] {3, 1, 1});

    assertThat(selected.size()).isEqualTo(3);
    assertThat(IntStream.range(0, 3).map(selected::id)).containsExactly(3, 1, 1);
    assertThat(IntStream.range(0, 3).map(selected::label)).containsExactly(8, 6, 6);
    assertThat(IntStream.range(0, 3).mapToObj(selected::location))
        .containsExactly("three#0", "one#1", "one#1");
    assertThat(selected.select(new int[] {0}).location(0)).isEqualTo("three#0");
    assertThat(selected.select(new int[] {0}).id(0)).isEqualTo(3);
  }

  @Test
  void locationsNameTheRecordOnlyWhereThereAreSome() {
    assertThat(listing.location(1)).isEqualTo("one#1");
    assertThat(listing.location(2)).isEqualTo("two");
  }

  @Test
  void equalListingsHaveEqualFingerprints() {
    int[] all = {0, 1, 2, 3};

    assertThat(listing.select(all).fingerprint()).isEqualTo(listing.fingerprint());
    assertThat(listing.fingerprint()).isEqualTo(-1254375168869314751L);
  }

  @Test
  void everyDifferenceChangesTheFingerprint() {
    Set<Long> fingerprints = new HashSet<>();
    fingerprints.add(listing.fingerprint());
    fingerprints.add(listing.select(new int[] {1, 0, 2, 3}).fingerprint());
    fingerprints.add(listing.select(new int[] {0, 1, 2}).fingerprint());
    fingerprints.add(listing.select(new int[] {0, 1, 2, 2}).fingerprint());
    fingerprints.add(oneExample("one", 0, 5).fingerprint());
    fingerprints.add(oneExample("one", 1, 5).fingerprint());
    fingerprints.add(oneExample("one", 0, 6).fingerprint());
    fingerprints.add(oneExample("onf", 0, 5).fingerprint());
    fingerprints.add(oneExample("", 0, 5).fingerprint());
    fingerprints.add(listing.select(new int[0]).fingerprint());

    assertThat(fingerprints).hasSize(10);
  }

  @Test
  void columnsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> Listing.of(new String[] {"a"}, new int[2], new int[2], new int[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("columns of one length, found 2 files, 2 records and 1 labels");
    assertThatThrownBy(() -> oneExample("a", -2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found file 0, record -2 and label 0 for example 0");
    assertThatThrownBy(() -> oneExample("a", 0, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label -1");
  }

  @Test
  void labelsFollowTheClassNamesOfAnotherListing() {
    ListedImages test =
        new ListedImages(List.of("cat", "dog"), Listing.ofRecords("x", new int[] {0, 1, 0}));

    ListedImages relabelled = test.relabel(List.of("ant", "dog", "cat"));

    assertThat(relabelled.classNames()).containsExactly("ant", "dog", "cat");
    assertThat(IntStream.range(0, 3).map(relabelled.listing()::label)).containsExactly(2, 1, 2);
  }

  @Test
  void classesThatAnotherListingLacksAreNamed() {
    ListedImages test =
        new ListedImages(List.of("cat", "dog"), Listing.ofRecords("x", new int[] {0, 1}));

    assertThatThrownBy(() -> test.relabel(List.of("cat")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found class dog, in x#1");
  }

  @Test
  void weightsAndNumbersIdentifyWhatIsLearned() {
    Listing listing = Listing.ofRecords("x", new int[] {0, 0, 1});
    assertThat(listing.targetsFingerprint()).as("classes alone").isZero();
    assertThat(listing.withWeights(new float[] {1, 1, 1}).targetsFingerprint()).isZero();
    Listing numbers = listing.withNumbers(new float[] {1, 2, 3, 4, 5, 6});
    Set<Long> fingerprints = new HashSet<>();
    fingerprints.add(numbers.targetsFingerprint());
    fingerprints.add(listing.withNumbers(new float[] {1, 2, 3, 4, 6, 5}).targetsFingerprint());
    fingerprints.add(listing.withNumbers(new float[] {3, 4, 1, 2, 5, 6}).targetsFingerprint());
    fingerprints.add(numbers.withWeights(new float[] {1, 2, 1}).targetsFingerprint());
    fingerprints.add(numbers.withWeights(new float[] {2, 1, 1}).targetsFingerprint());
    fingerprints.add(listing.withWeights(new float[] {2, 1, 1}).targetsFingerprint());
    fingerprints.add(numbers.select(new int[] {0, 1}).targetsFingerprint());
    assertThat(fingerprints).hasSize(7).doesNotContain(0L);
    assertThat(numbers.select(new int[] {2, 0, 1}).targetsFingerprint())
        .as("in another order")
        .isEqualTo(numbers.targetsFingerprint());
    assertThat(
            Listing.ofRecords("elsewhere", new int[] {0, 0, 1})
                .withNumbers(new float[] {1, 2, 3, 4, 5, 6})
                .targetsFingerprint())
        .as("in another file")
        .isEqualTo(numbers.targetsFingerprint());
  }

  private static Listing oneExample(String file, int record, int label) {
    return Listing.of(new String[] {file}, new int[] {0}, new int[] {record}, new int[] {label});
  }
}
