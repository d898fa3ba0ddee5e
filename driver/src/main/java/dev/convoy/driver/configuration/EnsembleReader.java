package dev.convoy.driver.configuration;

import static dev.convoy.data.component.ValueType.choice;
import static dev.convoy.data.component.ValueType.number;
import static dev.convoy.data.component.ValueType.wholeNumber;

import com.typesafe.config.Config;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Range;
import dev.convoy.driver.configuration.EnsembleSettings.Answer;
import dev.convoy.driver.configuration.EnsembleSettings.AverageWeights;
import dev.convoy.driver.configuration.EnsembleSettings.Distillation;
import dev.convoy.driver.configuration.EnsembleSettings.From;
import dev.convoy.driver.configuration.EnsembleSettings.Seeds;
import dev.convoy.driver.configuration.EnsembleSettings.Source;
import dev.convoy.worker.ensemble.CombinationMethods;
import java.util.List;
import java.util.Optional;

/** Reads the ensemble block. */
final class EnsembleReader {
  private static final int MAX_MEMBERS = 1000;

  /** What a distilled network shares with the ensemble. */
  private static final List<String> SHARED_KEYS =
      List.of("name", "output", "overwrite", "data", "spark", "search", "ensemble");

  /** What would make of the training images others than those that the ensemble answers for. */
  private static final List<String> DRAWING_KEYS = List.of("training.repeats", "training.resample");

  private EnsembleReader() {}

  static EnsembleSettings read(Settings settings) {
    Answer answer = answer(settings);
    Source source = source(settings);
    int members = settings.get("ensemble.members", wholeNumber(1, MAX_MEMBERS));
    if ((long) members * answer.dropoutSamples().orElse(1) > MAX_MEMBERS) {
      settings.problem(
          "ensemble.dropout-samples",
          "at most " + MAX_MEMBERS + " answers of all members together");
    }
    return new EnsembleSettings(
        members,
        source,
        seed(settings, source.from()),
        TrainingReader.metric(settings, "ensemble.metric"),
        settings.optionalWholeNumber("ensemble.parallel-members", 1),
        settings.get("ensemble.retries", wholeNumber(0, 1000)),
        answer,
        settings.get("ensemble.average-weights", choice(AverageWeights.class)),
        distillation(settings),
        settings.flag("ensemble.export-predictions"));
  }

  /** Trials may differ in their seeds; then their search has one of its own. */
  private static long seed(Settings settings, From from) {
    boolean isSearched = from == From.SEARCH && settings.isObject("seed");
    return isSearched ? settings.seed("search.seed") : settings.seed();
  }

  private static Source source(Settings settings) {
    From from = settings.get("ensemble.from", choice(From.class));
    Optional<String> search = settings.optionalText("ensemble.search");
    if (from == From.SEARCH && search.isEmpty()) {
      settings.problem("ensemble.search", "the directory of a finished search");
    }
    List<Config> variants = settings.configurations("ensemble.variants");
    if (from != From.RUNS && !variants.isEmpty()) {
      settings.problem("ensemble.variants", "none, or ensemble.from = runs");
    }
    return new Source(from, search, settings.get("ensemble.seeds", choice(Seeds.class)), variants);
  }

  private static Optional<Distillation> distillation(Settings settings) {
    String block = "ensemble.distill.";
    double weight = settings.get(block + "weight", number(Range.openClosed(0, 1)));
    Config run = settings.configuration(block + "run");
    for (String key : SHARED_KEYS) {
      if (run.hasPath(key)) {
        settings.problem(block + "run", "no " + key + ", which is the ensemble's");
      }
    }
    for (String key : DRAWING_KEYS) {
      if (run.hasPath(key)) {
        settings.problem(
            block + "run",
            "no " + key + ", since the network learns from every training image once");
      }
    }
    return settings.flag(block + "train")
        ? Optional.of(new Distillation(weight, run))
        : Optional.empty();
  }

  private static Answer answer(Settings settings) {
    ComponentSettings combine = ComponentBlock.COMBINATION.read(settings);
    boolean selects = CombinationMethods.FAMILY.member(combine.name()).option("select").isPresent();
    if (!selects && "greedy".equals(settings.members("ensemble").get("select"))) {
      settings.problem("ensemble.select", "all, or ensemble.combine = soft");
    }
    return new Answer(
        combine,
        settings.flag("ensemble.temperature")
            && CombinationMethods.FAMILY.create(combine).takesTemperature(),
        settings.optionalWholeNumber("ensemble.dropout-samples", 2, MAX_MEMBERS));
  }
}
