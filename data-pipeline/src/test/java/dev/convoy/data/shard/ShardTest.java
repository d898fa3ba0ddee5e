package dev.convoy.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.Cancellation;
import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.image.Warp;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Quarantined;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {
  /** 60 kB an example: 69 fit into a chunk of 4 MiB. */
  private static final ImageShape SHAPE = new ImageShape(100, 200, 3);

  private static final int EXAMPLES = 150;
  private static final long BYTES = 60_000L * EXAMPLES;

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(longs = {0, 4_140_000, 5_000_000, 9_000_000, Long.MAX_VALUE})
  void holdsTheSameExamplesWhateverTheBudget(long bytes) throws Exception {
    MemoryBudget budget = new MemoryBudget(bytes);
    try (Shard shard = ArraySource.shard(EXAMPLES, SHAPE, budget, scratch)) {
      assertThat(shard.size()).isEqualTo(EXAMPLES);
      assertHoldsAllExamples(shard);
      assertThat(shard.bytesInMemory() + shard.bytesOnDisk()).isEqualTo(BYTES);
      assertThat(budget.availableBytes()).isEqualTo(bytes - shard.bytesInMemory());
    }
    assertThat(budget.availableBytes()).isEqualTo(bytes);
    assertThat(filesIn(scratch)).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void changesToPicturesAreNotChangesToTheShard(long bytes) throws Exception {
    CropBox box = new CropBox(2, 1, 50, 40);
    Warp resized = Warp.resize(box, SHAPE.height(), SHAPE.width());
    try (Shard shard = ArraySource.shard(EXAMPLES, SHAPE, new MemoryBudget(bytes), scratch)) {
      for (Warp warp : List.of(Warp.none(SHAPE), Warp.cut(box), resized)) {
        LazyPicture picture = new LazyPicture(shard.picture(0));
        picture.warp(warp);
        picture.change(
            pixels -> {
              Arrays.fill(pixels.pixels(), (byte) 77);
              return pixels;
            });
      }
      assertHoldsAllExamples(shard);
    }
  }

  @Test
  void withoutBudgetEverythingIsOnDisk() throws Exception {
    try (Shard shard = ArraySource.shard(EXAMPLES, SHAPE, new MemoryBudget(0), scratch)) {
      assertThat(shard.bytesInMemory()).isZero();
      assertThat(shard.bytesOnDisk()).isEqualTo(BYTES);
    }
  }

  @Test
  void withEnoughBudgetNothingIsOnDisk() throws Exception {
    Path unused = scratch.resolve("unused");
    try (Shard shard = ArraySource.shard(EXAMPLES, SHAPE, new MemoryBudget(BYTES), unused)) {
      assertThat(shard.bytesInMemory()).isEqualTo(BYTES);
      assertThat(shard.bytesOnDisk()).isZero();
      assertThat(unused).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 5_000_000})
  void isReadByManyThreadsAtOnce(long bytes) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Shard shard = ArraySource.shard(EXAMPLES, SHAPE, new MemoryBudget(bytes), scratch)) {
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        readers.add(threads.submit(() -> assertHoldsAllExamples(shard)));
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void staysReadableAfterAnInterruptedReader() throws Exception {
    try (Shard shard = ArraySource.shard(EXAMPLES, SHAPE, new MemoryBudget(0), scratch)) {
      Thread.currentThread().interrupt();
      assertHoldsAllExamples(shard);
      assertThat(Thread.interrupted()).isTrue();

      assertHoldsAllExamples(shard);
    }
  }

  @Test
  void copiesPixelsToAnOffset() throws Exception {
    try (Shard shard = ArraySource.shard(3, SHAPE, new MemoryBudget(0), scratch)) {
      byte[] target = new byte[SHAPE.size() + 5];
      shard.pixels(2, target, 5);

      assertThat(target).startsWith(0, 0, 0, 0, 0).endsWith(ArraySource.pixels(2, SHAPE));
    }
  }

  @Test
  void keepsIdsAndLabelsOfASelection() throws Exception {
    ArraySource source = new ArraySource(10, SHAPE);
    Listing part = source.list().listing().select(new int[] {7, 2, 2});

    try (Shard shard = pack(part, source)) {
      assertThat(List.of(shard.id(0), shard.id(1), shard.id(2))).containsExactly(7, 2, 2);
      assertThat(List.of(shard.label(0), shard.label(1), shard.label(2))).containsExactly(1, 2, 2);
    }
  }

  @Test
  void packingEndsAtTheNextImageWhenTheProcessEnds() {
    AtomicInteger packed = new AtomicInteger();
    ArraySource source = new ArraySource(10, SHAPE);
    ImageSource ending =
        new ImageSource() {
          @Override
          public ListedImages list() {
            return source.list();
          }

          @Override
          public void read(Listing part, ExampleSink sink) throws IOException {
            source.read(
                part,
                new ExampleSink() {
                  @Override
                  public void accept(int position, Picture picture) {
                    if (position == 3) {
                      Cancellation.request();
                    }
                    sink.accept(position, picture);
                    packed.incrementAndGet();
                  }

                  @Override
                  public void reject(int position, String reason) {
                    sink.reject(position, reason);
                  }
                });
          }
        };
    try {
      assertThatThrownBy(() -> pack(source.list().listing(), ending))
          .isInstanceOf(CancellationException.class);
    } finally {
      Cancellation.withdraw();
    }
    assertThat(packed).hasValue(3);
  }

  @Test
  void leavesRejectedExamplesOutAndNamesThem() throws Exception {
    Listing listing = new ArraySource(EXAMPLES, SHAPE).list().listing();
    try (Shard shard = pack(listing, new RejectingSource())) {
      assertThat(shard.size()).isEqualTo(EXAMPLES - 50);
      assertThat(shard.id(0)).isEqualTo(1);
      assertThat(shard.id(2)).isEqualTo(4);
      byte[] pixels = new byte[SHAPE.size()];
      shard.pixels(2, pixels, 0);
      assertThat(pixels).isEqualTo(ArraySource.pixels(4, SHAPE));
      ShardStatistics statistics = shard.statistics();
      assertThat(statistics.examples()).isEqualTo(EXAMPLES - 50);
      assertThat(statistics.classCounts()).containsExactly(0, 50, 50);
      assertThat(statistics.quarantined())
          .hasSize(50)
          .startsWith(
              new Quarantined("array#0", "divisible by three"),
              new Quarantined("array#3", "divisible by three"))
          .allMatch(image -> image.reason().equals("divisible by three"));
    }
  }

  @Test
  void givesEverythingBackWhenItsSourceFails() throws Exception {
    MemoryBudget budget = new MemoryBudget(5_000_000);
    Listing listing = new ArraySource(EXAMPLES, SHAPE).list().listing();
    FailingSource source = new FailingSource();

    assertThatThrownBy(
            () -> ShardPacker.pack(listing, 3, StoredShape.resized(SHAPE), source, budget, scratch))
        .isInstanceOf(IOException.class)
        .hasMessage("connection lost");
    assertThat(budget.availableBytes()).isEqualTo(5_000_000);
    assertThat(filesIn(scratch)).isZero();
  }

  @Test
  void refusesASourceThatSkipsExamples() {
    Listing listing = new ArraySource(3, SHAPE).list().listing();
    ImageSource skipping = new LambdaSource((part, sink) -> sink.reject(1, "first of all"));
    ImageSource stopping = new LambdaSource((part, sink) -> sink.reject(0, "last of all"));

    assertThatThrownBy(() -> pack(listing, skipping))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected example 0 from its source, found 1");
    assertThatThrownBy(() -> pack(listing, stopping))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected 3 examples from its source, found 1");
  }

  @Test
  void refusesPixelsOfAnotherShapeAndUnknownLabels() {
    ArraySource source = new ArraySource(3, SHAPE);
    Listing listing = source.list().listing();

    assertThatThrownBy(
            () ->
                ShardPacker.pack(
                    listing, 2, StoredShape.resized(SHAPE), source, new MemoryBudget(0), scratch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected a label below 2")
        .hasMessageContaining("array#2");
    ImageShape other = new ImageShape(1, 1, 1);
    assertThatThrownBy(
            () ->
                ShardPacker.pack(
                    listing, 3, StoredShape.resized(other), source, new MemoryBudget(0), scratch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("and a picture of 1x1x1, found label 0 and 100x200x3");
  }

  @Test
  void anEmptyPartIsAnEmptyShard() throws Exception {
    try (Shard shard = ArraySource.shard(0, SHAPE, new MemoryBudget(0), scratch)) {
      assertThat(shard.size()).isZero();
      assertThat(shard.statistics().examples()).isZero();
      assertThat(filesIn(scratch)).isZero();
    }
  }

  @Test
  void closingTwiceReleasesOnce() throws Exception {
    MemoryBudget budget = new MemoryBudget(BYTES);
    Shard shard = ArraySource.shard(EXAMPLES, SHAPE, budget, scratch);

    shard.close();
    shard.close();

    assertThat(budget.availableBytes()).isEqualTo(BYTES);
    assertThatThrownBy(() -> shard.pixels(0, new byte[SHAPE.size()], 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected an open one, found closed");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3_000_000, 6_000_000, Long.MAX_VALUE})
  void holdsPicturesOfDifferentSizesWhateverTheBudget(long bytes) throws Exception {
    StoredShape store = new StoredShape(SHAPE, 1500);
    Listing listing = new ArraySource(EXAMPLES, SHAPE).list().listing();
    ImageSource mixed =
        new LambdaSource(
            (part, sink) -> {
              for (int i = 0; i < part.size(); i++) {
                sink.accept(i, new Picture(mixed(i), ArraySource.pixels(i, mixed(i))));
              }
            });
    MemoryBudget budget = new MemoryBudget(bytes);
    try (Shard shard = ShardPacker.pack(listing, 3, store, mixed, budget, scratch)) {
      long all = 0;
      for (int i = 0; i < EXAMPLES; i++) {
        byte[] pixels = new byte[shard.shape(i).size()];
        shard.pixels(i, pixels, 0);
        assertThat(shard.shape(i)).isEqualTo(mixed(i));
        assertThat(pixels).isEqualTo(ArraySource.pixels(i, mixed(i)));
        all += pixels.length;
      }
      assertThat(shard.input()).isEqualTo(SHAPE);
      assertThat(shard.bytesInMemory() + shard.bytesOnDisk()).isEqualTo(all);
      assertThat(shard.bytesInMemory()).isLessThanOrEqualTo(bytes);
      assertThat(budget.availableBytes()).isEqualTo(bytes - shard.bytesInMemory());
    }
    assertThat(budget.availableBytes()).isEqualTo(bytes);
    assertThat(filesIn(scratch)).isZero();
  }

  /** From 3 bytes to more than a chunk of 4 MiB. */
  private static ImageShape mixed(int i) {
    return i % 50 == 49
        ? new ImageShape(1200, 1500, 3)
        : new ImageShape(1 + i * 37 % 200, 1 + i * 53 % 300, 3);
  }

  private Shard pack(Listing part, ImageSource source) throws IOException {
    return ShardPacker.pack(
        part, 3, StoredShape.resized(SHAPE), source, new MemoryBudget(5_000_000), scratch);
  }

  private static void assertHoldsAllExamples(Shard shard) {
    byte[] pixels = new byte[SHAPE.size()];
    for (int i = 0; i < EXAMPLES; i++) {
      shard.pixels(i, pixels, 0);
      assertThat(pixels).isEqualTo(ArraySource.pixels(i, SHAPE));
      assertThat(shard.id(i)).isEqualTo(i);
      assertThat(shard.label(i)).isEqualTo(i % ArraySource.CLASSES);
    }
  }

  private static long filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  private interface Reading {
    void read(Listing part, ExampleSink sink) throws IOException;
  }

  private static class LambdaSource implements ImageSource {
    private final Reading reading;

    LambdaSource(Reading reading) {
      this.reading = reading;
    }

    @Override
    public ListedImages list() {
      return new ArraySource(EXAMPLES, SHAPE).list();
    }

    @Override
    public void read(Listing part, ExampleSink sink) throws IOException {
      reading.read(part, sink);
    }
  }

  private static final class RejectingSource extends LambdaSource {
    RejectingSource() {
      super(
          (part, sink) -> {
            for (int i = 0; i < part.size(); i++) {
              if (i % 3 == 0) {
                sink.reject(i, "divisible by three");
              } else {
                sink.accept(i, new Picture(SHAPE, ArraySource.pixels(i, SHAPE)));
              }
            }
          });
    }
  }

  private static final class FailingSource extends LambdaSource {
    FailingSource() {
      super(
          (part, sink) -> {
            for (int i = 0; i < EXAMPLES - 1; i++) {
              sink.accept(i, new Picture(SHAPE, ArraySource.pixels(i, SHAPE)));
            }
            throw new IOException("connection lost");
          });
    }
  }
}
