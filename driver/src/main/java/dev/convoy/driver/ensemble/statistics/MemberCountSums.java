package dev.convoy.driver.ensemble.statistics;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Adds up a {@link MemberCountCurve}. */
final class MemberCountSums {
  private static final int MOST_ORDERS = 20;

  /** Some half a minute of additions. */
  private static final long MOST_ADDITIONS = 20_000_000_000L;

  private final List<VoteSums> votes = new ArrayList<>(); // the members' own order comes first

  static MemberCountSums of(MemberPredictions predictions, long seed) {
    long additions =
        Math.max(1, (long) predictions.examples() * predictions.members() * predictions.classes());
    long orders = Math.max(1, Math.min(MOST_ORDERS, MOST_ADDITIONS / additions));
    MemberCountSums sums = new MemberCountSums();
    int[] own = IntStream.range(0, predictions.members()).toArray();
    sums.votes.add(new VoteSums(own, predictions.classes()));
    for (int i = 0; i < orders; i++) {
      int[] order = own.clone();
      KeyedRandom.of(seed, Purpose.MEMBER_ORDER, i).shuffle(order);
      sums.votes.add(new VoteSums(order, predictions.classes()));
    }
    return sums;
  }

  void add(MemberAnswers answers) {
    for (VoteSums sums : votes) {
      sums.add(answers);
    }
  }

  MemberCountCurve curve() {
    List<VoteSums> random = votes.subList(1, votes.size());
    return new MemberCountCurve(
        random.size(),
        IntStream.range(0, votes.get(0).order.length)
            .mapToObj(
                i -> {
                  List<MemberCountCurve.Vote> drawn =
                      random.stream().map(sums -> sums.vote(i)).toList();
                  return new MemberCountCurve.Point(
                      i + 1,
                      votes.get(0).vote(i),
                      spread(drawn.stream().mapToDouble(MemberCountCurve.Vote::accuracy)),
                      spread(
                          drawn.stream()
                              .mapToDouble(MemberCountCurve.Vote::negativeLogLikelihood)));
                })
            .toList());
  }

  private static MemberCountCurve.Spread spread(DoubleStream overOrders) {
    double[] values = overOrders.filter(value -> !Double.isNaN(value)).toArray();
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return new MemberCountCurve.Spread(
        mean, values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)));
  }

  /** The votes of the first members of one order. */
  private static final class VoteSums {
    private final int[] order;
    private final double[] running;
    private final long[] examples;
    private final long[] right;
    private final double[] lossSums;

    VoteSums(int[] order, int classes) {
      this.order = order;
      running = new double[classes];
      examples = new long[order.length];
      right = new long[order.length];
      lossSums = new double[order.length];
    }

    void add(MemberAnswers answers) {
      Arrays.fill(running, 0);
      int voters = 0;
      boolean isRight = false;
      double loss = 0;
      for (int i = 0; i < order.length; i++) {
        if (answers.takesPart(order[i])) {
          voters++;
          isRight = vote(answers.probabilities(), order[i]) == answers.label();
          loss =
              -StrictMath.log(
                  Math.max(ScoreSums.SMALLEST_PROBABILITY, running[answers.label()] / voters));
        }
        if (voters > 0) {
          examples[i]++;
          right[i] += isRight ? 1 : 0;
          lossSums[i] += loss;
        }
      }
    }

    private int vote(float[] probabilities, int member) {
      int from = member * running.length;
      for (int i = 0; i < running.length; i++) {
        running[i] += probabilities[from + i];
      }
      return MostProbable.of(running);
    }

    MemberCountCurve.Vote vote(int last) {
      return new MemberCountCurve.Vote(
          examples[last], (double) right[last] / examples[last], lossSums[last] / examples[last]);
    }
  }
}
