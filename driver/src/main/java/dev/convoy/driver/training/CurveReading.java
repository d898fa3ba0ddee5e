package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * What the curves of a run that has ended suggest, in plain words, by the rules of
 * docs/algorithms.md, "Reading the curves". Rules are wide: where none fits, nothing is said.
 * Immutable.
 *
 * @param training mean losses of the rounds, in order
 * @param validation losses by evaluation, in order
 * @param trainingBefore mean losses of the rounds since the evaluation before, by evaluation
 * @param updateRatio what a step changes of the weights as a share of their norm, the median of
 *     groups of layers and rounds; not a number if it is not known
 */
public record CurveReading(
    List<Double> training,
    List<Double> validation,
    List<Double> trainingBefore,
    double updateRatio) {
  /** The rule of thumb for ‖Δw‖ / ‖w‖. */
  static final double USUAL_UPDATE_RATIO = 1e-3;

  /** A tenth of it, below which a rate is low. */
  private static final double LOW_RATIO = 1e-4;

  /** Ten times as much, above which a rate is high. */
  private static final double HIGH_RATIO = 1e-2;

  /** Rounds below which there is no curve. */
  private static final int LEAST_ROUNDS = 10;

  private static final int LEAST_EVALUATIONS = 4;

  /** Growth of the validation loss since its lowest that is no noise. */
  private static final double GROWTH = 0.1;

  /** Validation loss over training loss: much learned by heart. */
  private static final double GAP = 2;

  /** The same below which nothing is. */
  private static final double NO_GAP = 1.1;

  /** What is left of the first loss where much is left to learn. */
  private static final double MUCH = 0.3;

  /** The share of the whole fall in the second half of a run where it falls evenly. */
  private static final double EVEN = 0.35;

  /** The share of the whole fall in the first tenth of a run where it is steep. */
  private static final double STEEP = 0.8;

  /** Copies the lists. */
  public CurveReading {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    trainingBefore = List.copyOf(trainingBefore);
  }

  /**
   * Of the lines of metrics.jsonl.
   *
   * @param rounds lines of rounds, in order
   * @param evaluations lines of validations, in order
   */
  static CurveReading of(List<RoundLine> rounds, List<JsonNode> evaluations) {
    List<Double> before = new ArrayList<>();
    int from = 0;
    for (JsonNode evaluation : evaluations) {
      int at = from;
      double sum = 0;
      while (at < rounds.size() && rounds.get(at).round() <= evaluation.path("round").asLong()) {
        sum += rounds.get(at++).loss();
      }
      before.add(at > from ? sum / (at - from) : Double.NaN);
      from = at;
    }
    return new CurveReading(
        rounds.stream().map(RoundLine::loss).toList(),
        evaluations.stream().map(line -> line.path("loss").asDouble()).toList(),
        before,
        updateRatio(rounds));
  }

  private static double updateRatio(List<RoundLine> rounds) {
    double[] ratios = rounds.stream().flatMapToDouble(RoundLine::updateRatios).sorted().toArray();
    return ratios.length == 0 ? Double.NaN : ratios[ratios.length / 2];
  }

  /** Sentences, the most important first; none where nothing stands out. */
  public List<String> suggestions() {
    List<String> suggestions = new ArrayList<>();
    if (training.size() < LEAST_ROUNDS) {
      return suggestions;
    }
    readTraining(suggestions);
    if (validation.size() >= LEAST_EVALUATIONS) {
      readGap(suggestions);
    }
    return suggestions;
  }

  private void readTraining(List<String> suggestions) {
    int size = training.size();
    int tenth = Math.max(1, size / 10);
    double first = training.get(0);
    double afterTenth = mean(training, tenth, 2 * tenth);
    double middle = mean(training, (size - tenth) / 2, (size - tenth) / 2 + tenth);
    double last = mean(training, size - tenth, size);
    double fall = first - last;
    if (fall <= 0) {
      suggestions.add(
          Text.of(
              "The training loss did not fall (from %.3g to %.3g): %s, or something is wrong;"
                  + " convoy check tells which.",
              first,
              last,
              updateRatio >= HIGH_RATIO
                  ? "the rate is too high" + ratio()
                  : updateRatio <= LOW_RATIO
                      ? "the rate is far too low" + ratio()
                      : "the rate is too high or far too low"));
    } else if (last > MUCH * first && (first - afterTenth) >= STEEP * fall) {
      suggestions.add(
          Text.of(
              "The training loss fell steeply at first and has stayed at about %.3g since: the rate"
                  + " is too high for more. Lower optimizer.learning-rate, or take a schedule that"
                  + " falls.",
              last));
    } else if (last > MUCH * first && (middle - last) >= EVEN * fall) {
      suggestions.add(
          Text.of(
              "The training loss fell evenly to the end (from %.3g to %.3g): %s.",
              first,
              last,
              updateRatio >= HIGH_RATIO
                  ? "the run is too short" + ratio() + ". Raise training.epochs"
                  : updateRatio <= LOW_RATIO
                      ? "the rate is too low" + ratio() + ". Raise optimizer.learning-rate"
                      : "the rate is too low, or the run too short. Raise optimizer.learning-rate"
                          + " or training.epochs"));
    }
  }

  private String ratio() {
    return Text.of(
        " (a step changes the weights by %.0e of their norm, where %.0e is usual)",
        updateRatio, USUAL_UPDATE_RATIO);
  }

  private void readGap(List<String> suggestions) {
    int end = validation.size() - 1;
    int best = 0;
    for (int i = 1; i <= end; i++) {
      best = validation.get(i) < validation.get(best) ? i : best;
    }
    double validationAtEnd = validation.get(end);
    double trainingAtEnd = trainingBefore.get(end);
    boolean learnsOn = trainingAtEnd < trainingBefore.get(best);
    if (validationAtEnd > (1 + GROWTH) * validation.get(best) && learnsOn) {
      suggestions.add(
          Text.of(
              "The validation loss was lowest at evaluation %d of %d (%.3g) and has grown to %.3g,"
                  + " while the training loss went on falling: overfitting. Take more regularisation"
                  + " (augment, optimizer.weight-decay or l2, dropout), or stop earlier.",
              best + 1, end + 1, validation.get(best), validationAtEnd));
    } else if (validationAtEnd > GAP * trainingAtEnd) {
      suggestions.add(
          Text.of(
              "The validation loss (%.3g) is far above the training loss (%.3g): more regularisation"
                  + " (augment, optimizer.weight-decay or l2, dropout) or more images may help.",
              validationAtEnd, trainingAtEnd));
    } else if (validationAtEnd <= NO_GAP * trainingAtEnd
        && trainingAtEnd > MUCH * training.get(0)) {
      suggestions.add(
          Text.of(
              "The training loss is about the validation loss (%.3g and %.3g): there is no gap. A"
                  + " network with more capacity, less regularisation or more epochs may help.",
              trainingAtEnd, validationAtEnd));
    }
  }

  private static double mean(List<Double> values, int from, int to) {
    return values.subList(from, Math.min(to, values.size())).stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }
}
