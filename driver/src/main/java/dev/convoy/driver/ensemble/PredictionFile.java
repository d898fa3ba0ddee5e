package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.ImagePrediction;
import dev.convoy.driver.ensemble.statistics.Uncertainty;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.ensemble.Combination;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.MemberAnswers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;

/**
 * Predictions as lines of text, one an image: path, class, entropy in nats, share of members that
 * disagree, and the probability of every class; of an image that could not be read the path and
 * why.
 */
public final class PredictionFile implements ImagePrediction.Sink {
  private final EnsembleCard card;
  private final Format format;
  private final Writer out;
  private final Combination combination;
  private final float[] members;
  private final boolean[] all;
  private final double[] combined;
  private long predicted;
  private long rejected;

  /** How lines are written. */
  public enum Format {
    /** Comma-separated values with a header (RFC 4180). */
    CSV,
    /** A JSON object on every line. */
    JSONL;

    /** The one with that name, in any case. */
    public static Format of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A file to be, with its header.
   *
   * @param out is written to, and not closed
   */
  public PredictionFile(EnsembleCard card, Format format, Writer out) throws IOException {
    this.card = card;
    this.format = format;
    this.out = out;
    this.combination = card.combination().combination();
    this.members = new float[card.combination().members() * card.labels().size()];
    this.all = new boolean[card.combination().members()];
    this.combined = new double[card.labels().size()];
    Arrays.fill(all, true);
    if (format == Format.CSV) {
      List<Object> header =
          new ArrayList<>(List.of("path", "class", "entropy", "disagreement", "error"));
      card.labels().forEach(label -> header.add("p:" + label));
      write(header);
    }
  }

  /** How many images were predicted. */
  public long predicted() {
    return predicted;
  }

  /** How many images could not be read. */
  public long rejected() {
    return rejected;
  }

  @Override
  public void accept(String location, float[] probabilities, int offset) {
    System.arraycopy(probabilities, offset, members, 0, members.length);
    combination.combine(members, all, combined);
    Uncertainty uncertainty =
        Uncertainty.of(new MemberAnswers(members, all, combined.length), combined);
    String label = card.labels().get(Probabilities.argmax(combined));
    predicted++;
    if (format == Format.CSV) {
      List<Object> line =
          new ArrayList<>(
              List.of(
                  location,
                  label,
                  uncertainty.predictiveEntropy(),
                  uncertainty.disagreement(),
                  ""));
      Arrays.stream(combined).forEach(line::add);
      write(line);
    } else {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("path", location).put("class", label);
      ObjectNode shares = line.putObject("probabilities");
      for (int i = 0; i < combined.length; i++) {
        shares.put(card.labels().get(i), combined[i]);
      }
      line.put("entropy", uncertainty.predictiveEntropy())
          .put("disagreement", uncertainty.disagreement());
      write(line + "\n");
    }
  }

  @Override
  public void reject(String location, String reason) {
    rejected++;
    if (format == Format.CSV) {
      List<Object> line = new ArrayList<>(List.of(location, "", "", "", reason));
      card.labels().forEach(label -> line.add(""));
      write(line);
    } else {
      write(
          JsonNodeFactory.instance.objectNode().put("path", location).put("error", reason) + "\n");
    }
  }

  private void write(List<Object> values) {
    write(CSVFormat.RFC4180.format(values.toArray()) + "\n");
  }

  private void write(String text) {
    try {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
