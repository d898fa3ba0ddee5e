package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Keeps the answers that {@link RankingCurves} need. */
final class RankingSample {
  /**
   * Over all classes; a curve has at least {@link #FEWEST_POINTS}, at most {@link #MOST_POINTS}.
   */
  private static final int POINTS = 20_000;

  private static final int FEWEST_POINTS = 20;
  private static final int MOST_POINTS = 200;

  private final BitSet drawn;
  private final int[] labels;
  private final double[][] scores; // [class][example]
  private int examples;

  private RankingSample(BitSet drawn, int classes) {
    this.drawn = drawn;
    labels = new int[drawn.cardinality()];
    scores = new double[classes][labels.length];
  }

  static RankingSample of(MemberPredictions predictions, long seed, int mostValues) {
    int wanted = Math.max(1, mostValues / predictions.classes());
    return new RankingSample(
        KeyedSample.of(seed, predictions.examples(), wanted), predictions.classes());
  }

  void add(EnsembleAnswer answer) {
    if (!drawn.get(answer.members().example())) {
      return;
    }
    labels[examples] = answer.members().label();
    for (int i = 0; i < scores.length; i++) {
      scores[i][examples] = answer.probabilities()[i];
    }
    examples++;
  }

  RankingCurves curves() {
    int points = Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, POINTS / scores.length));
    List<ClassCurves> curves = new ArrayList<>();
    for (int label = 0; label < scores.length; label++) {
      curves.add(curves(label, points));
    }
    return RankingCurves.of(examples, curves);
  }

  private ClassCurves curves(int label, int points) {
    int positives = 0;
    for (int i = 0; i < examples; i++) {
      positives += labels[i] == label ? 1 : 0;
    }
    double[] ofClass = new double[positives];
    double[] ofOthers = new double[examples - positives];
    int split = 0;
    for (int i = 0; i < examples; i++) {
      if (labels[i] == label) {
        ofClass[split++] = scores[label][i];
      } else {
        ofOthers[i - split] = scores[label][i];
      }
    }
    return ClassCurves.of(ofClass, ofOthers, points);
  }
}
