package dev.convoy.worker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that somebody has made to do harm. */
class HostileModelsTest {
  private static final ModelCard CARD =
      new ModelCard(
          "linear",
          StoredShape.resized(new ImageShape(6, 5, 1)),
          List.of("cat", "dog"),
          Normalization.of(new float[] {0.1f}, new float[] {0.5f}),
          Optional.empty());
  private static final long TEN_GIGABYTES = 10L << 30;

  /** Of a bomb of ten megabytes; an ordinary model is read whole. */
  private static final int READ_AT_MOST = 200_000;

  /** Leaves a trace when it is deserialized. */
  private static final class Tripwire implements Serializable {
    private static final long serialVersionUID = 1L;
    private static boolean touched;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      touched = true;
    }
  }

  private static byte[] javaObject() throws IOException {
    ByteArrayOutputStream serialized = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(serialized)) {
      out.writeObject(new Tripwire());
    }
    return serialized.toByteArray();
  }

  private static Map<String, byte[]> entries() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelArchive.write(
        Models.create(new ComponentSettings("linear", Map.of()), CARD.input(), 1), CARD, file);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file.toByteArray()));
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      entries.put(entry.getName(), zip.readAllBytes());
    }
    return entries;
  }

  private static void put(ByteArrayOutputStream file, Map<String, byte[]> entries)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(file);
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      zip.putNextEntry(new ZipEntry(entry.getKey()));
      zip.write(entry.getValue());
      zip.closeEntry();
    }
    zip.flush();
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    put(file, entries);
    return file.toByteArray();
  }

  /** A model with one more entry, at its beginning or at its end. */
  private static byte[] with(String name, byte[] content, boolean atTheEnd) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    if (!atTheEnd) {
      entries.put(name, content);
    }
    entries.putAll(entries());
    entries.put(name, content);
    return zip(entries);
  }

  private static void assertRefused(byte[] file, String found) {
    for (boolean whole : new boolean[] {true, false}) {
      assertThatThrownBy(() -> read(file, whole))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("Cannot read the model m.zip: expected a model.zip that Convoy")
          .hasMessageContaining(" wrote, found " + found)
          .hasMessageEndingWith(".")
          .hasMessageNotContainingAny("\n", "\u001b");
    }
  }

  private static int read(byte[] file, boolean whole) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(file);
    if (whole) {
      ModelArchive.read(in, "m.zip");
    } else {
      ModelArchive.readParameters(in, "m.zip");
    }
    return file.length - in.available();
  }

  @ParameterizedTest
  @ValueSource(strings = {"preprocessor.bin", "objects/anything", "normalizer.bin"})
  void aJavaObjectIsRefusedAndNeverDeserialized(String name) throws Exception {
    byte[] serialized = javaObject();
    String found = "a Java object in it, " + name + ", which could run any code and is never read";
    assertRefused(with(name, serialized, true), found);
    assertRefused(with(name, serialized, false), found);
    assertThat(Tripwire.touched).isFalse();
    try {
      new ObjectInputStream(new ByteArrayInputStream(serialized)).readObject();
      assertThat(Tripwire.touched).as("the wire works").isTrue();
    } finally {
      Tripwire.touched = false;
    }
  }

  @Test
  void whatDeeplearning4jAddsWithoutJavaObjectsIsPassedOver() throws IOException {
    byte[] file = with("updaterState.bin", new byte[] {0, 1, 2}, true);
    assertThat(read(file, true)).isPositive();
    assertThat(read(file, false)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../etc/cron.d/convoy",
        "/etc/passwd",
        "..\\..\\autoexec.bat",
        "configuration.json/../x",
        "./convoy.json"
      })
  void aNameThatLeadsElsewhereIsRefused(String name) throws IOException {
    assertRefused(with(name, new byte[] {1}, true), "an entry that has no place in it, " + name);
    assertRefused(with(name, new byte[] {1}, false), "an entry that has no place in it, " + name);
  }

  @Test
  void aNameDoesNotMoveTheCursor() throws IOException {
    assertRefused(
        with("\u001b[2J\nAll is well" + "!".repeat(100), new byte[] {1}, true),
        "an entry that has no place in it, ?[2J?All is well!!!!!");
  }

  /** Ten gigabytes in ten megabytes: refused before a hundredth of it is inflated. */
  @ParameterizedTest
  @ValueSource(strings = {"updaterState.bin", "normalizer.bin", "anything", "configuration.json"})
  void whatInflatesBeyondAllReasonIsRefusedBeforeItDoes(String name) throws IOException {
    Map<String, byte[]> entries = entries();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    if (!name.equals("configuration.json")) {
      put(file, entries);
    }
    new DeflatedZeros(new byte[0], TEN_GIGABYTES).writeEntry(name, file);
    assertStopsEarly(file.toByteArray(), name);
  }

  /** A network may claim as many parameters as a bomb holds. */
  @Test
  void parametersThatAreNothingButZerosAreNoModel() throws IOException {
    Map<String, byte[]> entries = entries();
    int inputs = 500_000_000;
    String configuration =
        new String(entries.get("configuration.json"), StandardCharsets.UTF_8)
            .replaceAll("\"nin\" : \\d+", "\"nin\" : " + inputs);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(header);
    out.writeUTF("LONG_SHAPE");
    out.writeLong(0);
    out.writeUTF("LONG");
    out.writeUTF("LONG_SHAPE");
    out.writeLong(2L * inputs + 2);
    out.writeUTF("FLOAT");
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    put(file, Map.of("configuration.json", configuration.getBytes(StandardCharsets.UTF_8)));
    new DeflatedZeros(header.toByteArray(), TEN_GIGABYTES).writeEntry("coefficients.bin", file);
    assertStopsEarly(file.toByteArray(), "coefficients.bin");
  }

  private static void assertStopsEarly(byte[] bomb, String name) {
    assertThat((long) bomb.length).isLessThan(TEN_GIGABYTES / 500);
    for (boolean whole : new boolean[] {true, false}) {
      ByteArrayInputStream in = new ByteArrayInputStream(bomb);
      assertThatThrownBy(
              () -> {
                if (whole) {
                  ModelArchive.read(in, "m.zip");
                } else {
                  ModelArchive.readParameters(in, "m.zip");
                }
              })
          .isInstanceOf(DataException.class)
          .hasMessageContaining(" " + name);
      assertThat(bomb.length - in.available()).as(name).isLessThan(READ_AT_MOST);
    }
  }
}
