package dev.convoy.driver.ensemble.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.source.Listing;
import dev.convoy.driver.ensemble.Python;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionExportTest {
  private static final int MAGIC = 8;
  private static final int MEMBERS = 2;
  private static final int CLASSES = 3;

  /** Ids 0, 1, 3 and 4, dealt to two shards out of order. */
  private static final Listing ALL =
      Listing.ofFiles(
          new String[] {"a.png", "b, \"c\".png", "d.png", "e.png", "ü.png"},
          new int[] {2, 0, 1, 1, 0});

  private static final List<Listing> PARTS =
      List.of(ALL.select(new int[] {4, 1}), ALL.select(new int[] {3, 0}));

  @TempDir private Path directory;
  private PredictionTable table;
  private PredictionExport export;

  @BeforeEach
  void predict() {
    table = new PredictionTable(PARTS, MEMBERS, CLASSES, directory);
    table.put(0, 0, new float[] {0.25f, 0.5f, 0.25f}, 0);
    table.put(0, 1, new float[] {1, 0, 0}, 0);
    table.put(3, 1, new float[] {0.125f, 0.375f, 0.5f}, 0);
    table.put(4, 0, new float[] {0, 0, 1}, 0);
    export = new PredictionExport(table, PARTS);
  }

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void probabilitiesAreFloatsWithNotANumberWhereAMemberWasNotAsked() throws IOException {
    ByteBuffer bytes = littleEndian(written(export::writeProbabilities));
    assertThat(header(bytes))
        .matches("\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(4, 2, 3,\\), } *\n");
    float none = Float.NaN;
    float[] values = new float[4 * MEMBERS * CLASSES];
    bytes.asFloatBuffer().get(values);
    assertThat(values)
        .containsExactly(
            new float[] {
              0.25f, 0.5f, 0.25f, 1, 0, 0, //
              none, none, none, none, none, none, //
              none, none, none, 0.125f, 0.375f, 0.5f, //
              0, 0, 1, none, none, none
            });
    assertThat(bytes.remaining()).isEqualTo(values.length * Float.BYTES);
  }

  @Test
  void labelsAreWholeNumbersInTheSameOrder() throws IOException {
    ByteBuffer bytes = littleEndian(written(export::writeLabels));
    assertThat(header(bytes))
        .matches("\\{'descr': '<i4', 'fortran_order': False, 'shape': \\(4,\\), } *\n");
    int[] values = new int[4];
    bytes.asIntBuffer().get(values);
    assertThat(values).containsExactly(2, 0, 1, 0);
    assertThat(bytes.remaining()).isEqualTo(values.length * Integer.BYTES);
  }

  @Test
  void pathsAreInTheSameOrderAndQuoted() throws IOException {
    assertThat(new String(written(export::writeIds), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            position,path
            0,a.png
            1,"b, ""c"".png"
            2,e.png
            3,ü.png
            """);
  }

  @Test
  void streamsStayOpen() throws IOException {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    export.writeProbabilities(out);
    export.writeLabels(out);
    export.writeIds(out);
    assertThat(out.size()).isPositive();
  }

  @Test
  void valuesBeginAtAMultipleOf64() {
    for (int axis = 1; axis < 1_000_000_000; axis *= 10) {
      byte[] header = NpyHeader.of(NpyHeader.Type.FLOAT, axis, axis, axis);
      assertThat(header.length % 64).isZero();
      assertThat(header[header.length - 1]).isEqualTo((byte) '\n');
    }
  }

  @Test
  void numpyReadsThem() throws IOException, InterruptedException {
    Python python = Python.with("numpy");
    Path probabilities = directory.resolve("test.npy");
    Path labels = directory.resolve("test-labels.npy");
    Files.write(probabilities, written(export::writeProbabilities));
    Files.write(labels, written(export::writeLabels));
    String script =
        """
        import sys, numpy
        p = numpy.load(sys.argv[1])
        l = numpy.load(sys.argv[2], mmap_mode='r')
        print(p.dtype, p.shape, p.flags.c_contiguous, numpy.isnan(p).sum(), p[2, 1].tolist())
        print(l.dtype, l.tolist())
        """;
    assertThat(python.run(directory, "-c", script, probabilities.toString(), labels.toString()))
        .isEqualTo("float32 (4, 2, 3) True 12 [0.125, 0.375, 0.5]\nint32 [2, 0, 1, 0]\n");
  }

  /** Writes a file. */
  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writing.to(out);
    return out.toByteArray();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Checks the first bytes and goes to the first value. */
  private static String header(ByteBuffer bytes) {
    byte[] start = new byte[MAGIC];
    bytes.get(start);
    assertThat(start).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
    byte[] header = new byte[bytes.getShort()];
    bytes.get(header);
    return new String(header, StandardCharsets.US_ASCII);
  }
}
