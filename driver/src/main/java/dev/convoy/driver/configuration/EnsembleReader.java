package dev.convoy.driver.configuration;

import dev.convoy.driver.configuration.EnsembleSettings.Answer;
import dev.convoy.driver.configuration.EnsembleSettings.Combine;
import dev.convoy.driver.configuration.EnsembleSettings.Seeds;
import dev.convoy.driver.configuration.EnsembleSettings.Select;
import dev.convoy.driver.state.EarlyStopping;

/** Reads the ensemble block. */
final class EnsembleReader {
  private static final int MOST_MEMBERS = 1000;

  private EnsembleReader() {}

  static EnsembleSettings read(Settings settings) {
    Answer answer = answer(settings);
    return new EnsembleSettings(
        settings.wholeNumber("ensemble.members", 1, MOST_MEMBERS),
        settings.longNumber("seed"),
        settings.named("ensemble.seeds", Seeds.values(), Seeds::key),
        metric(settings),
        settings.optionalWholeNumber("ensemble.parallel-members", 1),
        settings.wholeNumber("ensemble.retries", 0, 1000),
        answer);
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
        settings.flag("ensemble.temperature") && combine != Combine.HARD);
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
