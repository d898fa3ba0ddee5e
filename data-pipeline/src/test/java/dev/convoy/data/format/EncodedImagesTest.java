package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.DecodingMemory;
import dev.convoy.data.image.EncodedImage;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedImagesTest {
  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);

  private static final SourceSettings SETTINGS =
      new SourceSettings(
          "manifest",
          null,
          Role.TRAIN,
          StoredShape.resized(SHAPE),
          new DecodeLimits(1 << 20, 1 << 20),
          TableColumns.USUAL,
          null);

  /** Enough for a shape and a small file, and for a picture of 300 x 300 in parts alone. */
  private static final long LITTLE = 200 << 10;

  @TempDir private java.nio.file.Path directory;

  @BeforeEach
  void noFailures() {
    FailingFiles.failures.set(0);
  }

  @Test
  void imagesAreTheSameHoweverLittleMemoryThereIs() throws Exception {
    String[] files = new String[40];
    for (int i = 0; i < files.length; i++) {
      files[i] = file(i + ".png", EncodedImage.flatPng(200 + i, 150, 3 * i, 2 * i, i));
    }

    Collected plenty = read(DecodingMemory.ofThisJvm(), files);
    Collected little = read(new DecodingMemory(LITTLE), files);

    assertThat(plenty.images).hasSize(files.length);
    assertThat(little.order).isEqualTo(plenty.order);
    for (int i = 0; i < files.length; i++) {
      assertThat(little.images.get(i)).isEqualTo(plenty.images.get(i)).startsWith((byte) (3 * i));
    }
  }

  @Test
  void anImageThatCannotFitEndsTheRunWithWhatItTakes() throws Exception {
    String file = file("large.bmp", EncodedImage.large("bmp", 400, 300));

    assertThatThrownBy(() -> read(new DecodingMemory(LITTLE), file))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot decode an image: expected at most 1 MiB to decode it in, found 400x300 pixels"
                + " that take 2 MiB, in .*large.bmp. Give the JVM more than its \\d+ MiB of heap"
                + " \\(spark.executor.memory; CONVOY_JAVA_OPTIONS=-Xmx8g for the driver and for"
                + " local masters\\), or leave out large images with data.max-image-megapixels.");
  }

  /** Its coefficients take more than there is, but not on the heap. */
  @Test
  void aProgressivePictureIsDecodedAloneWhereItsCoefficientsTakeAllThereIs() throws Exception {
    byte[] progressive = EncodedImage.progressiveJpeg(300, 300);
    String[] files = new String[8];
    for (int i = 0; i < files.length; i++) {
      files[i] = file(i + ".jpg", progressive);
    }

    Collected little = read(new DecodingMemory(2L * 300 * 300), files);

    assertThat(little.rejections).isEmpty();
    assertThat(little.images).hasSize(files.length);
  }

  @Test
  void filesThatWaitOnTheHeapAreBoundedByTheirBytes() throws Exception {
    int bytes = 30 << 10;
    AtomicInteger waiting = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Collected collected =
        new Collected() {
          @Override
          public void reject(int position, String reason) {
            super.reject(position, reason);
            waiting.decrementAndGet();
          }
        };
    new EncodedImages(SETTINGS, new Configuration(), new DecodingMemory(LITTLE))
        .read(
            Listing.ofRecords("container", new int[20]),
            (part, position) -> {
              most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
              return new HeldImage(new Path("container"), bytes, new byte[bytes]);
            },
            collected);
    assertThat(collected.rejections).hasSize(20);
    // A quarter of the memory and a file more; the one that is being delivered is among them.
    assertThat(most.get()).isBetween(1, (int) (LITTLE / 4 / bytes) + 1);
  }

  @Test
  void anExhaustedHeapIsNoReasonToLeaveAnImageOut() throws Exception {
    String file = file("a.png", EncodedImage.flatPng(9, 9, 1, 2, 3));
    FailingFiles.failing(1, () -> new OutOfMemoryError("Java heap space"));

    Collected read = read(DecodingMemory.ofThisJvm(), FailingFiles.SCHEME + ":" + file);

    assertThat(read.rejections).isEmpty();
    assertThat(read.images).containsOnlyKeys(0);
  }

  @Test
  void aHeapThatStaysExhaustedEndsTheRun() throws Exception {
    String file = file("a.png", EncodedImage.flatPng(9, 9, 1, 2, 3));
    FailingFiles.failing(2, () -> new OutOfMemoryError("Java heap space"));

    assertThatThrownBy(() -> read(DecodingMemory.ofThisJvm(), FailingFiles.SCHEME + ":" + file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected room on the heap, found none")
        .hasMessageContaining("a.png. Give the JVM more");
  }

  @Test
  void otherErrorsOfTheMachineAreNoReasonEither() throws Exception {
    String file = file("a.png", EncodedImage.flatPng(9, 9, 1, 2, 3));
    for (Error error :
        new Error[] {
          new StackOverflowError(), new NoClassDefFoundError("x"), new InternalError("x")
        }) {
      FailingFiles.failing(1, () -> error);

      assertThatThrownBy(() -> read(DecodingMemory.ofThisJvm(), FailingFiles.SCHEME + ":" + file))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot read the image ")
          .hasMessageContaining("a.png: " + error)
          .hasRootCause(error);
    }
  }

  /** Java says so as if the file were not there. */
  @ParameterizedTest
  @ValueSource(strings = {"Too many open files", "Too many open files in system"})
  void anImageForWhichTheMachineHasNoHandleIsNotMissing(String words) throws Exception {
    String file = file("a.png", EncodedImage.flatPng(9, 9, 1, 2, 3));
    FailingFiles.failing(1, () -> new FileNotFoundException(file + " (" + words + ")"));

    assertThatThrownBy(() -> read(DecodingMemory.ofThisJvm(), FailingFiles.SCHEME + ":" + file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read the image ")
        .hasMessageEndingWith("a.png (" + words + ")")
        .hasRootCauseInstanceOf(FileNotFoundException.class);
  }

  private String file(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content).toString();
  }

  private static Collected read(DecodingMemory memory, String... files) throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.set("fs." + FailingFiles.SCHEME + ".impl", FailingFiles.class.getName());
    Collected collected = new Collected();
    new EncodedImages(SETTINGS, hadoop, memory)
        .read(Listing.ofFiles(files, new int[files.length]), collected);
    return collected;
  }

  /** Local files that cannot be opened as long as there is something to fail with. */
  public static final class FailingFiles extends RawLocalFileSystem {
    static final String SCHEME = "failing";
    static final AtomicInteger failures = new AtomicInteger();
    private static Supplier<Throwable> failure;

    static void failing(int times, Supplier<Throwable> with) {
      failure = with;
      failures.set(times);
    }

    @Override
    public String getScheme() {
      return SCHEME;
    }

    @Override
    public java.net.URI getUri() {
      return java.net.URI.create(SCHEME + ":///");
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        if (failure.get() instanceof IOException refusal) {
          throw refusal;
        }
        throw (Error) failure.get();
      }
      return super.open(path, bufferSize);
    }
  }
}
