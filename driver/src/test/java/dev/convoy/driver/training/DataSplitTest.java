package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSplitTest {
  private static final long SEED = 3;
  private static final int CLASSES = 5;

  /** Classes of 60, 40, 20, 10 and 1 examples, in random order. */
  private static final Listing LISTING = listing(60, 40, 20, 10, 1);

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.25, 0.5, 0.99})
  void aSplitTakesTheFractionOfEveryClassAndLosesNothing(double fraction) {
    DataSplit.Positions split =
        DataSplit.stratified(LISTING, CLASSES, fraction, SEED, DataSplit.Part.VALIDATION);
    assertThat(split.rest()).isSorted();
    assertThat(split.held()).isSorted();
    assertThat(sorted(concat(split.rest(), split.held()))).isEqualTo(range(131));
    for (int label = 0; label < CLASSES; label++) {
      long all = count(range(131), label);
      long wanted = Math.min(all - 1, Math.round(fraction * all));
      assertThat(count(split.held(), label)).as("class %d", label).isEqualTo(wanted);
    }
  }

  @Test
  void aClassKeepsOneExampleForTraining() {
    DataSplit.Positions split =
        DataSplit.stratified(LISTING, CLASSES, 0.99, SEED, DataSplit.Part.VALIDATION);
    for (int label = 0; label < CLASSES; label++) {
      assertThat(count(split.rest(), label)).as("class %d", label).isPositive();
    }
    assertThat(count(split.held(), 4)).isZero();
  }

  @Test
  void aClassWithoutExamplesIsNoneOfTheSplitsConcern() {
    DataSplit.Positions split =
        DataSplit.stratified(LISTING, CLASSES + 3, 0.1, SEED, DataSplit.Part.VALIDATION);
    assertThat(split.rest().length + split.held().length).isEqualTo(131);
  }

  @Test
  void theSeedDecidesWhichExamplesAreHeldOut() {
    int[] once =
        DataSplit.stratified(LISTING, CLASSES, 0.25, SEED, DataSplit.Part.VALIDATION).held();
    assertThat(DataSplit.stratified(LISTING, CLASSES, 0.25, SEED, DataSplit.Part.VALIDATION).held())
        .isEqualTo(once);
    assertThat(
            DataSplit.stratified(LISTING, CLASSES, 0.25, SEED + 1, DataSplit.Part.VALIDATION)
                .held())
        .isNotEqualTo(once)
        .hasSameSizeAs(once);
  }

  @Test
  void aFractionThatHoldsNoExampleIsRefused() {
    assertThatThrownBy(
            () -> DataSplit.stratified(listing(4, 4), 2, 0.1, SEED, DataSplit.Part.VALIDATION))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot split off validation images: expected at least one in a fraction of 0.1 of"
                + " each class, found none among 8 images. Raise data.validation, or give it a"
                + " path.");
  }

  @Test
  void theTestIsDrawnIndependentlyOfTheValidation() {
    int[] validation = stratified(DataSplit.Part.VALIDATION);
    int[] test = stratified(DataSplit.Part.TEST);
    assertThat(test).hasSameSizeAs(validation).isNotEqualTo(validation);
  }

  private static int[] stratified(DataSplit.Part part) {
    return DataSplit.stratified(LISTING, CLASSES, 0.5, SEED, part).held();
  }

  static Stream<Arguments> foldsOfListings() {
    int[][] classes = {
      {60, 40, 20, 10, 1}, {7, 7, 7, 7, 7, 7, 7, 7}, {1, 1, 1, 97}, {2, 3}, {0, 5, 0, 4}, {101, 2}
    };
    return Stream.of(classes)
        .flatMap(
            sizes ->
                IntStream.of(2, 3, 5, 7, 10, 100)
                    .filter(folds -> folds <= Arrays.stream(sizes).filter(n -> n > 1).sum())
                    .mapToObj(folds -> Arguments.of(sizes, folds)));
  }

  @ParameterizedTest
  @MethodSource("foldsOfListings")
  void foldsPartitionTheExamplesEvenlyInAllAndInEveryClass(int[] sizes, int folds) {
    Listing listing = listing(sizes);
    List<int[]> parts = new ArrayList<>();
    for (int fold = 1; fold <= folds; fold++) {
      DataSplit.Positions split = fold(listing, sizes.length, fold, folds, SEED);
      assertThat(split.rest()).isSorted();
      assertThat(split.held()).isSorted();
      assertThat(sorted(concat(split.rest(), split.held()))).isEqualTo(range(listing.size()));
      for (int label = 0; label < sizes.length; label++) {
        assertThat(count(listing, split.rest(), label))
            .as("training examples of class %d", label)
            .isGreaterThanOrEqualTo(Math.min(1, sizes[label]));
      }
      parts.add(split.held());
    }
    int[] alone =
        IntStream.range(0, listing.size()).filter(i -> sizes[listing.label(i)] == 1).toArray();
    assertThat(sorted(concat(alone, parts.stream().reduce(DataSplitTest::concat).get())))
        .isEqualTo(range(listing.size()));
    assertEven(parts.stream().mapToLong(part -> part.length).toArray());
    for (int label = 0; label < sizes.length; label++) {
      int current = label;
      assertEven(parts.stream().mapToLong(part -> count(listing, part, current)).toArray());
    }
  }

  private static void assertEven(long... sizes) {
    assertThat(Arrays.stream(sizes).max().getAsLong() - Arrays.stream(sizes).min().getAsLong())
        .as("sizes %s", Arrays.toString(sizes))
        .isLessThanOrEqualTo(1);
  }

  @Test
  void theSeedDecidesWhatIsInAFold() {
    int[] once = fold(LISTING, CLASSES, 2, 5, SEED).held();
    assertThat(fold(LISTING, CLASSES, 2, 5, SEED).held()).isEqualTo(once);
    assertThat(fold(LISTING, CLASSES, 2, 5, SEED + 1).held()).isNotEqualTo(once);
  }

  @Test
  void moreFoldsThanExamplesAreRefused() {
    assertThatThrownBy(() -> fold(listing(3, 2, 1), 3, 1, 6, SEED))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot make 6 parts for cross-validation: expected at least as many images of classes"
                + " with two or more, found 5. Lower data.validation.folds.");
  }

  private static DataSplit.Positions fold(
      Listing listing, int classes, int fold, int folds, long seed) {
    return DataSplit.fold(listing, classes, new Validation.Fold(fold, folds), seed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 99, 100, 101, 1000})
  void aLimitKeepsThatManyDifferentExamplesInOrder(int limit) {
    int[] kept = DataSplit.limit(100, limit, SEED);
    assertThat(kept).isSorted().doesNotHaveDuplicates().hasSize(Math.min(100, limit));
    assertThat(range(100)).contains(kept);
  }

  @Test
  void aLimitIsRandomByTheSeedAndGrowsByAdding() {
    int[] ten = DataSplit.limit(100, 10, SEED);
    assertThat(DataSplit.limit(100, 10, SEED)).isEqualTo(ten);
    assertThat(DataSplit.limit(100, 10, SEED + 1)).isNotEqualTo(ten);
    assertThat(ten).isNotEqualTo(range(10));
    assertThat(DataSplit.limit(100, 20, SEED)).contains(ten);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "7", "130", "131", "200"})
  void shardsPartitionTheListingAndDifferByOneAtMost(int count) {
    for (Listing[] shards :
        new Listing[][] {
          DataSplit.shuffled(LISTING, count, SEED), DataSplit.inOrder(LISTING, count)
        }) {
      assertThat(shards).hasSize(count);
      int[] ids = Arrays.stream(shards).map(DataSplitTest::ids).reduce(DataSplitTest::concat).get();
      assertThat(sorted(ids)).isEqualTo(range(131));
      int smallest = Arrays.stream(shards).mapToInt(Listing::size).min().getAsInt();
      int largest = Arrays.stream(shards).mapToInt(Listing::size).max().getAsInt();
      assertThat(largest - smallest).isLessThanOrEqualTo(1);
      for (Listing shard : shards) {
        assertThat(ids(shard)).as("read in one pass").isSorted();
        for (int i = 0; i < shard.size(); i++) {
          assertThat(shard.label(i)).isEqualTo(LISTING.label(shard.id(i)));
        }
      }
    }
  }

  @Test
  void shardsInOrderAreStretchesOfTheListing() {
    Listing[] shards = DataSplit.inOrder(LISTING, 4);
    assertThat(Stream.of(shards).map(DataSplitTest::ids).reduce(DataSplitTest::concat).get())
        .isEqualTo(range(131));
  }

  @Test
  void theSeedDecidesWhatIsInAShard() {
    int[] once = ids(DataSplit.shuffled(LISTING, 4, SEED)[2]);
    assertThat(ids(DataSplit.shuffled(LISTING, 4, SEED)[2])).isEqualTo(once);
    assertThat(ids(DataSplit.shuffled(LISTING, 4, SEED + 1)[2])).isNotEqualTo(once);
  }

  private static Listing listing(int... sizes) {
    int[] labels =
        IntStream.range(0, sizes.length)
            .flatMap(label -> IntStream.generate(() -> label).limit(sizes[label]))
            .toArray();
    Random random = new Random(9);
    for (int last = labels.length - 1; last > 0; last--) {
      int other = random.nextInt(last + 1);
      int label = labels[last];
      labels[last] = labels[other];
      labels[other] = label;
    }
    return Listing.of(new String[] {"file"}, new int[labels.length], range(labels.length), labels);
  }

  private static long count(int[] positions, int label) {
    return count(LISTING, positions, label);
  }

  private static long count(Listing listing, int[] positions, int label) {
    return Arrays.stream(positions).filter(position -> listing.label(position) == label).count();
  }

  private static int[] ids(Listing listing) {
    return IntStream.range(0, listing.size()).map(listing::id).toArray();
  }

  private static int[] range(int size) {
    return IntStream.range(0, size).toArray();
  }

  private static int[] sorted(int[] values) {
    return Arrays.stream(values).sorted().toArray();
  }

  private static int[] concat(int[] first, int[] second) {
    return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }
}
