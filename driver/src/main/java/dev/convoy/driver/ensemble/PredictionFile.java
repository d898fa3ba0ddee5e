package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.ensemble.statistics.Uncertainty;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.ensemble.Combination;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.MemberAnswers;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Predictions as lines of text, one an image: path, class, entropy in nats, share of members that
 * disagree, and the probability of every class; of an image that could not be read the path and
 * why.
 */
public final class PredictionFile extends PredictionLines {
  private final EnsembleCard card;
  private final Combination combination;
  private final float[] members;
  private final boolean[] all;
  private final double[] combined;

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
  public PredictionFile(EnsembleCard card, Format format, Writer out) {
    super(format, out);
    this.card = card;
    this.combination = card.combination().combination();
    this.members = new float[card.combination().members() * card.labels().size()];
    this.all = new boolean[card.combination().members()];
    this.combined = new double[card.labels().size()];
    Arrays.fill(all, true);
    List<Object> header =
        new ArrayList<>(List.of("path", "class", "entropy", "disagreement", "error"));
    card.labels().forEach(label -> header.add("p:" + label));
    writeHeader(header);
  }

  @Override
  public void accept(String location, float[] probabilities, int offset) {
    System.arraycopy(probabilities, offset, members, 0, members.length);
    combination.combine(members, all, combined);
    Uncertainty uncertainty =
        Uncertainty.of(new MemberAnswers(members, all, combined.length), combined);
    String label = card.labels().get(Probabilities.argmax(combined));
    List<Object> line =
        new ArrayList<>(
            List.of(
                location, label, uncertainty.predictiveEntropy(), uncertainty.disagreement(), ""));
    Arrays.stream(combined).forEach(line::add);
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("path", location).put("class", label);
    ObjectNode shares = object.putObject("probabilities");
    for (int i = 0; i < combined.length; i++) {
      shares.put(card.labels().get(i), combined[i]);
    }
    object
        .put("entropy", uncertainty.predictiveEntropy())
        .put("disagreement", uncertainty.disagreement());
    writePredicted(line, object);
  }

  @Override
  public void reject(String location, String reason) {
    writeRejected(location, reason, 3, card.labels().size());
  }
}
