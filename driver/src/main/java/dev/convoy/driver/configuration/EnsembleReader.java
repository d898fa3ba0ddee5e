package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import dev.convoy.driver.configuration.EnsembleSettings.Answer;
import dev.convoy.driver.configuration.EnsembleSettings.AverageWeights;
import dev.convoy.driver.configuration.EnsembleSettings.Combine;
import dev.convoy.driver.configuration.EnsembleSettings.Distillation;
import dev.convoy.driver.configuration.EnsembleSettings.From;
import dev.convoy.driver.configuration.EnsembleSettings.Seeds;
import dev.convoy.driver.configuration.EnsembleSettings.Select;
import dev.convoy.driver.configuration.EnsembleSettings.Source;
import dev.convoy.driver.state.EarlyStopping;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the ensemble block. */
final class EnsembleReader {
  private static final int MOST_MEMBERS = 1000;

  /** What a distilled network shares with the ensemble. */
  private static final List<String> OF_THE_ENSEMBLE =
      List.of("name", "output", "overwrite", "data", "spark", "search", "ensemble");

  private EnsembleReader() {}

  static EnsembleSettings read(Settings settings) {
    Answer answer = answer(settings);
    int members = settings.wholeNumber("ensemble.members", 1, MOST_MEMBERS);
    if ((long) members * answer.dropoutSamples().orElse(1) > MOST_MEMBERS) {
      settings.problem(
          "ensemble.dropout-samples",
          "at most " + MOST_MEMBERS + " answers of all members together");
    }
    return new EnsembleSettings(
        members,
        source(settings),
        settings.longNumber("seed"),
        metric(settings),
        settings.optionalWholeNumber("ensemble.parallel-members", 1),
        settings.wholeNumber("ensemble.retries", 0, 1000),
        answer,
        settings.named("ensemble.average-weights", AverageWeights.values(), AverageWeights::key),
        distillation(settings),
        settings.flag("ensemble.export-predictions"));
  }

  private static Source source(Settings settings) {
    From from = settings.named("ensemble.from", From.values(), From::key);
    Optional<String> search = settings.optionalText("ensemble.search");
    if (from == From.SEARCH && search.isEmpty()) {
      settings.problem("ensemble.search", "the directory of a finished search");
    }
    List<Config> variants = settings.configurations("ensemble.variants");
    if (from != From.RUNS && !variants.isEmpty()) {
      settings.problem("ensemble.variants", "none, or ensemble.from = runs");
    }
    return new Source(
        from, search, settings.named("ensemble.seeds", Seeds.values(), Seeds::key), variants);
  }

  private static Optional<Distillation> distillation(Settings settings) {
    String block = "ensemble.distill.";
    double weight =
        settings.number(block + "weight", "a number in (0, 1]", value -> value > 0 && value <= 1);
    Config run = settings.configuration(block + "run");
    for (String key : OF_THE_ENSEMBLE) {
      if (run.hasPath(key)) {
        settings.problem(block + "run", "no " + key + ", which is the ensemble's");
      }
    }
    return settings.flag(block + "train")
        ? Optional.of(new Distillation(weight, run))
        : Optional.empty();
  }

  private static Answer answer(Settings settings) {
    Combine combine = settings.named("ensemble.combine", Combine.values(), Combine::key);
    Select select = settings.named("ensemble.select", Select.values(), Select::key);
    if (select == Select.GREEDY && combine != Combine.SOFT) {
      settings.problem("ensemble.select", "all, or ensemble.combine = soft");
    }
    return new Answer(
        combine,
        select,
        settings.wholeNumber("ensemble.selection-rounds", 1, 10_000),
        settings.wholeNumber("ensemble.stacking-examples", 1, Integer.MAX_VALUE),
        settings.flag("ensemble.temperature") && combine != Combine.HARD,
        dropoutSamples(settings));
  }

  private static OptionalInt dropoutSamples(Settings settings) {
    String key = "ensemble.dropout-samples";
    return settings.isNull(key)
        ? OptionalInt.empty()
        : OptionalInt.of(settings.wholeNumber(key, 2, MOST_MEMBERS));
  }

  private static EarlyStopping.Metric metric(Settings settings) {
    boolean own = !settings.isNull("ensemble.metric");
    if (!own && settings.isOff("training.early-stopping")) {
      return EarlyStopping.Metric.VALIDATION_LOSS;
    }
    return settings.named(
        own ? "ensemble.metric" : "training.early-stopping.metric",
        EarlyStopping.Metric.values(),
        EarlyStopping.Metric::key);
  }
}
