package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Best;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.state.TrainingState.Weights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFormatTest {
  private static final long SEED = 4;

  @Test
  void everyFieldComesBack() throws IOException {
    assertRoundTrip(Checkpoints.checkpoint(7));
  }

  @Test
  void aRunThatBeginsComesBack() throws IOException {
    assertRoundTrip(
        new Checkpoint(
            TrainingState.first(new float[] {1, -0f, Float.NaN}, 3),
            Checkpoints.checkpoint(1).identity(),
            new Checkpoint.Metrics(0, java.util.List.of())));
  }

  @Test
  void theModelStaysInTheFile() throws IOException {
    byte[] bytes = bytes(Checkpoints.checkpoint(7));
    AtomicInteger opened = new AtomicInteger();
    AveragedModel model =
        CheckpointFormat.read(
                () -> {
                  opened.incrementAndGet();
                  return new ByteArrayInputStream(bytes);
                },
                bytes.length)
            .state()
            .model();
    int afterBest = opened.get();
    float[] parameters = Checkpoints.checkpoint(7).state().parameters();
    assertThat(bits(model.parameters())).isEqualTo(bits(parameters));
    assertThat(bits(model.parameters())).isEqualTo(bits(parameters));
    assertThat(opened).hasValue(afterBest + 2);
  }

  @Test
  void aFileThatChangesIsNotGoneOnFrom() throws IOException {
    byte[] bytes = bytes(Checkpoints.checkpoint(7));
    AveragedModel model = read(bytes).state().model();
    bytes[bytes.length - Long.BYTES - 1] ^= 1; // the last vector's
    assertThatThrownBy(model::parameters)
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("changed while the run was going on from it");
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -0.0,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        0.1
      })
  void everyKindOfNumberComesBack(double number) throws IOException {
    assertRoundTrip(
        Checkpoints.checkpoint(
            1,
            new EarlyStopping.Progress(number, 0),
            Optional.of(new Best(1, 1, number, number, Weights.CURRENT, new float[1000]))));
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void everyStatusComesBack(Status status) throws IOException {
    Checkpoint checkpoint = Checkpoints.checkpoint(3);
    TrainingState state = checkpoint.state();
    assertRoundTrip(
        new Checkpoint(
            new TrainingState(
                state.position(),
                ModelState.first(state.parameters()),
                state.totals(),
                state.progress(),
                state.plateau(),
                Optional.empty(),
                status),
            checkpoint.identity(),
            checkpoint.metrics()));
  }

  @Test
  void arraysLongerThanABufferComeBack() throws IOException {
    float[] values = new float[50_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    assertRoundTrip(
        new Checkpoint(
            TrainingState.first(values, 3),
            Checkpoints.checkpoint(1).identity(),
            new Checkpoint.Metrics(0, java.util.List.of())));
  }

  @Test
  void theSameCheckpointGivesTheSameBytes() throws IOException {
    assertThat(bytes(Checkpoints.checkpoint(7))).isEqualTo(bytes(Checkpoints.checkpoint(7)));
  }

  @Test
  void anyFlippedBitIsFound() throws IOException {
    byte[] bytes = bytes(Checkpoints.checkpoint(7));
    Random random = new Random(SEED);
    for (int trial = 0; trial < 500; trial++) {
      byte[] damaged = bytes.clone();
      // Half of the trials in the header, which is short.
      int at = random.nextInt(trial % 2 == 0 ? 600 : bytes.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> read(damaged))
          .as("seed %d, trial %d, byte %d", SEED, trial, at)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anyCutIsFound() throws IOException {
    byte[] bytes = bytes(Checkpoints.checkpoint(7));
    Random random = new Random(SEED);
    for (int trial = 0; trial < 200; trial++) {
      int length = trial < 20 ? trial : random.nextInt(bytes.length);
      assertThatThrownBy(() -> read(Arrays.copyOf(bytes, length)))
          .as("%d of %d bytes", length, bytes.length)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatIsLeftOverIsFound() throws IOException {
    byte[] bytes = bytes(Checkpoints.checkpoint(7));
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(IOException.class)
        .hasMessage("expected " + bytes.length + " bytes, found " + (bytes.length + 1));
  }

  @Test
  void aDifferentFileIsNamedAsSuch() {
    assertThatThrownBy(
            () -> read("a text that is no checkpoint".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(IOException.class)
        .hasMessage("not a checkpoint of this version");
  }

  @Test
  void aWholeCheckpointOfAnotherFormatIsNotCalledDamaged() throws IOException {
    byte[] bytes = ofFormat(bytes(Checkpoints.checkpoint(7)), 7);
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(CheckpointFormat.OtherFormatException.class)
        .hasMessage("expected format 6, found format 7");
    bytes[100] ^= 1;
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IOException.class)
        .hasMessage("wrong checksum");
  }

  /** As a version with this format would have written it: the checksum is right. */
  static byte[] ofFormat(byte[] checkpoint, int format) {
    int body = checkpoint.length - Long.BYTES;
    byte[] bytes = checkpoint.clone();
    ByteBuffer.wrap(bytes).putShort(6, (short) format);
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, body);
    ByteBuffer.wrap(bytes).putLong(body, checksum.getValue());
    return bytes;
  }

  @Test
  void aHeaderLongerThanTheFileIsNotRead() throws IOException {
    byte[] bytes = bytes(Checkpoints.checkpoint(7));
    Arrays.fill(bytes, 8, 12, (byte) 0x0f);
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IOException.class)
        .hasMessage("a header of " + 0x0f0f0f0f + " bytes");
  }

  @Test
  void aWrongChecksumIsNamed() throws IOException {
    byte[] bytes = bytes(Checkpoints.checkpoint(7));
    bytes[bytes.length - 1] ^= 1;
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IOException.class)
        .hasMessage("wrong checksum");
  }

  private static void assertRoundTrip(Checkpoint checkpoint) throws IOException {
    assertSame(read(bytes(checkpoint)), checkpoint);
  }

  static void assertSame(Checkpoint found, Checkpoint expected) {
    TrainingState there = found.state();
    TrainingState here = expected.state();
    assertThat(there.position()).isEqualTo(here.position());
    assertThat(there.model().vectors()).hasSameSizeAs(here.model().vectors());
    here.model()
        .vectors()
        .forEach(
            (name, values) ->
                assertThat(bits(there.model().vectors().get(name).whole()))
                    .as(name)
                    .isEqualTo(bits(values.whole())));
    assertThat(there.totals()).isEqualTo(here.totals());
    assertThat(there.progress()).isEqualTo(here.progress());
    assertThat(there.status()).isEqualTo(here.status());
    assertThat(there.best().isPresent()).isEqualTo(here.best().isPresent());
    if (here.best().isPresent()) {
      Best best = there.best().orElseThrow();
      Best expectedBest = here.best().get();
      assertThat(bits(best.parameters())).isEqualTo(bits(expectedBest.parameters()));
      assertThat(withoutParameters(best)).isEqualTo(withoutParameters(expectedBest));
    }
    assertThat(found.identity()).isEqualTo(expected.identity());
    assertThat(found.metrics()).isEqualTo(expected.metrics());
  }

  /** Records compare arrays by identity. */
  private static Best withoutParameters(Best best) {
    return new Best(best.epoch(), best.round(), best.loss(), best.accuracy(), best.weights(), null);
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private static byte[] bytes(Checkpoint checkpoint) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointFormat.write(checkpoint, out);
    return out.toByteArray();
  }

  private static Checkpoint read(byte[] bytes) throws IOException {
    return CheckpointFormat.read(() -> new ByteArrayInputStream(bytes), bytes.length);
  }
}
