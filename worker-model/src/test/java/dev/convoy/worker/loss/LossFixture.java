package dev.convoy.worker.loss;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What PyTorch makes of losses; pytorch_losses.py made the file. */
public final class LossFixture {
  /** Images of the batch. */
  public static final int IMAGES = 6;

  /** Classes that they are of. */
  public static final int CLASSES = 5;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, double[]> LINES = read();

  private LossFixture() {}

  private static Map<String, double[]> read() {
    Map<String, double[]> lines = new LinkedHashMap<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(LossFixture.class.getResourceAsStream("pytorch_losses.txt.gz")),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] parts = line.split(" : ", 2);
        lines.put(
            parts[0],
            Stream.of(parts[1].split(" ", -1)).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  /** A loss as the file names it, and what targets are: labels or distributions. */
  public record Case(String loss, String kind) {
    /** The loss with its options. */
    public ComponentSettings settings() {
      String[] words = loss.split(" ", 2);
      try {
        return new ComponentSettings(
            words[0],
            JSON.readValue(
                words.length == 1 ? "{}" : words[1], new TypeReference<Map<String, Object>>() {}));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** What the images are to be. */
    public Targets targets() {
      return kind.equals("labels") ? labels() : distributions();
    }

    /** What PyTorch computes. */
    public double[] expected(String what) {
      return values(loss + " ; " + kind + " " + what);
    }
  }

  /** Every loss with labels and with distributions. */
  public static List<Case> cases() {
    return LINES.keySet().stream()
        .filter(name -> name.endsWith(" losses"))
        .map(name -> name.substring(0, name.length() - " losses".length()).split(" ; ", 2))
        .map(parts -> new Case(parts[0], parts[1]))
        .toList();
  }

  /** The numbers of a line. */
  public static double[] values(String name) {
    return LINES.get(name).clone();
  }

  /** The same in single precision. */
  public static float[] floats(String name) {
    double[] values = values(name);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static Targets labels() {
    double[] labels = values("labels");
    int[] whole = new int[labels.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) labels[i];
    }
    return Targets.ofClasses(whole);
  }

  private static Targets distributions() {
    return Targets.ofDistributions(floats("distributions"), CLASSES);
  }
}
