package dev.convoy.driver.ensemble.statistics;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.Probabilities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What an ensemble of fewer members would be worth: the soft vote (the mean of probabilities) of
 * the first member, the first two, and so on to all, with members in their own order and in random
 * ones.
 *
 * @param orders how many random orders there are: 20, fewer where they would take long
 * @param points for 1, 2, … members
 */
public record MemberCountCurve(int orders, List<Point> points) {

  /**
   * The vote of so many members.
   *
   * @param members at least 1
   * @param inOrder of the first members
   * @param accuracy over random orders
   * @param negativeLogLikelihood over random orders, in nats
   */
  public record Point(int members, Vote inOrder, Spread accuracy, Spread negativeLogLikelihood) {}

  /**
   * Of one set of members, on the examples in which one of them takes part; those that take no part
   * in an example have no vote on it.
   *
   * @param examples how many those are
   * @param accuracy share of examples taken for the right class; NaN without examples
   * @param negativeLogLikelihood mean over examples, in nats, as in {@link Scores}; NaN without
   *     examples
   */
  public record Vote(long examples, double accuracy, double negativeLogLikelihood) {}

  /**
   * Over random orders.
   *
   * @param mean over the orders that have examples
   * @param deviation standard deviation, of a sample (n − 1); NaN with one order
   */
  public record Spread(double mean, double deviation) {}

  /** Adds up the votes of all orders. */
  static final class Sums implements Statistic<MemberCountCurve> {
    private static final int MAX_ORDERS = 20;

    /** Some half a minute of additions. */
    private static final long MAX_ADDITIONS = 20_000_000_000L;

    private final List<VoteSums> votes = new ArrayList<>(); // the members' own order comes first

    static Sums of(MemberPredictions predictions, long seed) {
      long additions =
          Math.max(
              1, (long) predictions.examples() * predictions.members() * predictions.classes());
      long orders = Math.max(1, Math.min(MAX_ORDERS, MAX_ADDITIONS / additions));
      Sums sums = new Sums();
      int[] own = IntStream.range(0, predictions.members()).toArray();
      sums.votes.add(new VoteSums(own, predictions.classes()));
      for (int i = 0; i < orders; i++) {
        int[] order = own.clone();
        KeyedRandom.of(seed, Purpose.MEMBER_ORDER, i).shuffle(order);
        sums.votes.add(new VoteSums(order, predictions.classes()));
      }
      return sums;
    }

    @Override
    public void add(EnsembleAnswer answer) {
      for (VoteSums sums : votes) {
        sums.add(answer);
      }
    }

    @Override
    public MemberCountCurve result() {
      List<VoteSums> random = votes.subList(1, votes.size());
      return new MemberCountCurve(
          random.size(),
          IntStream.range(0, votes.get(0).order.length)
              .mapToObj(
                  i -> {
                    List<Vote> drawn = random.stream().map(sums -> sums.vote(i)).toList();
                    return new Point(
                        i + 1,
                        votes.get(0).vote(i),
                        spread(drawn.stream().mapToDouble(Vote::accuracy)),
                        spread(drawn.stream().mapToDouble(Vote::negativeLogLikelihood)));
                  })
              .toList());
    }

    private static Spread spread(DoubleStream overOrders) {
      double[] values = overOrders.filter(value -> !Double.isNaN(value)).toArray();
      double mean = Arrays.stream(values).average().orElse(Double.NaN);
      double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
      return new Spread(
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

      void add(EnsembleAnswer answer) {
        Arrays.fill(running, 0);
        int voters = 0;
        boolean isRight = false;
        double loss = 0;
        for (int i = 0; i < order.length; i++) {
          if (answer.takesPart(order[i])) {
            voters++;
            isRight = vote(answer.ofMembers().probabilities(), order[i]) == answer.label();
            loss = Probabilities.crossEntropy(running[answer.label()] / voters);
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
        return Probabilities.argmax(running);
      }

      Vote vote(int last) {
        return new Vote(
            examples[last], (double) right[last] / examples[last], lossSums[last] / examples[last]);
      }
    }
  }
}
