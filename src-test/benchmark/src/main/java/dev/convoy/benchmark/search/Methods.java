package dev.convoy.benchmark.search;

import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Searches of the same space by several rules and seeds, each with the same budget of epochs.
 *
 * @param budget epochs of a search, at least 1; it may end before, where a trial would not fit
 * @param searches of every rule, one for each of the seeds 1, 2 and so on; each has a best trial
 */
record Methods(long budget, Map<Rule, List<SearchRecord>> searches) {
  private static final double ASKED_SHARE = 1.0 / 3;

  /** Copies the searches. */
  Methods {
    Map<Rule, List<SearchRecord>> copy = new EnumMap<>(Rule.class);
    searches.forEach((rule, journals) -> copy.put(rule, List.copyOf(journals)));
    searches = copy;
  }

  /**
   * What the searches of a rule had found when so many epochs were spent.
   *
   * @param lower quartile of the best accuracies
   * @param upper quartile
   */
  record Band(long epochs, double lower, double median, double upper) {}

  /** How many seeds there are. */
  int seeds() {
    return searches.get(Rule.RANDOM).size();
  }

  /** The best accuracy at the end, 0 to 1, by seed. */
  Measurement best(Rule rule) {
    return bySeed(rule, journal -> journal.best().orElseThrow());
  }

  /** Trials begun, by seed. */
  Measurement trials(Rule rule) {
    return bySeed(rule, journal -> (double) journal.trials());
  }

  /** Epochs spent, by seed. */
  Measurement epochs(Rule rule) {
    return bySeed(rule, journal -> (double) journal.epochs());
  }

  private Measurement bySeed(Rule rule, Function<SearchRecord, Double> value) {
    return new Measurement(searches.get(rule).stream().map(value).toList());
  }

  /**
   * Epochs until a rule had found something as good as random search of the same seed had at its
   * end, as a share of the budget, by seed; infinite if it never did.
   */
  Measurement shares(Rule rule) {
    List<Double> random = best(Rule.RANDOM).samples();
    List<Double> shares = new ArrayList<>();
    for (int seed = 0; seed < seeds(); seed++) {
      double epochs = searches.get(rule).get(seed).epochsToReach(random.get(seed));
      shares.add(epochs / budget);
    }
    return new Measurement(shares);
  }

  /** In how many of the seeds a third of the budget was enough. */
  long timesWithinAThird(Rule rule) {
    return shares(rule).samples().stream().filter(share -> share <= ASKED_SHARE).count();
  }

  /** The best so far, from the first epoch on at which all searches of the rule have something. */
  List<Band> bands(Rule rule) {
    List<Band> bands = new ArrayList<>();
    for (long epoch = 1; epoch <= budget; epoch++) {
      List<Double> values = new ArrayList<>();
      for (SearchRecord journal : searches.get(rule)) {
        OptionalDouble best = journal.bestAfter(epoch);
        best.ifPresent(values::add);
      }
      if (values.size() == seeds()) {
        Measurement best = new Measurement(values);
        bands.add(new Band(epoch, best.lowerQuartile(), best.median(), best.upperQuartile()));
      }
    }
    return bands;
  }

  /** A third of the epochs, by the rule that shipped experiments use. */
  Target target() {
    return new Target(
        "MNIST: ASHA's epochs to random search's best / its budget",
        ASKED_SHARE,
        false,
        shares(Rule.ASHA).median());
  }
}
