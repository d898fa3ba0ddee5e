package dev.convoy.driver.search;

import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.EarlyStopping;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What a person sees of a search while it goes on. */
final class SearchProgress {
  private final SearchDefinition definition;
  private final SearchRecord record;
  private final Progress progress;
  private final EarlyStopping.Metric metric;

  SearchProgress(SearchDefinition definition, SearchRecord record, Progress progress) {
    this.definition = definition;
    this.record = record;
    this.progress = progress;
    this.metric = definition.settings().metric();
  }

  /** Says what a search goes on with. */
  void recalled(int unfinished) {
    int known = record.trials().all().size();
    if (known + unfinished > 0) {
      progress.say(
          "going on after "
              + known
              + " trials, with "
              + unfinished
              + " that had begun, "
              + Progress.duration(record.elapsedSeconds())
              + " into the search");
    }
  }

  /** Says what a trial has come to. */
  void ended(TrialEvent event) {
    TrialResult result = event.result();
    progress.say(
        String.format(
            Locale.ROOT,
            "trial %d  %s  %s  %d epochs  %s  %s%s",
            event.trial(),
            result.state().key(),
            value(result.score().metric()),
            result.epochs(),
            Progress.duration(event.clock().seconds()),
            values(event.values()),
            result.reason().isEmpty() ? "" : "  (" + result.reason() + ")"));
  }

  static String values(Map<String, Object> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + shortened(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  static String shortened(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.4g", number)
        : String.valueOf(value);
  }

  private String value(OptionalDouble value) {
    return metric.key()
        + " "
        + (value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : "none");
  }

  /** Shows where the search is. */
  void show(Collection<RandomSearch.Running> running) {
    progress.live(() -> line(running));
  }

  private String line(Collection<RandomSearch.Running> running) {
    Trials trials = record.trials();
    int limit = definition.trials();
    String under =
        running.stream()
            .map(work -> work.trial() + ": epoch " + (work.epochs() + 1))
            .collect(Collectors.joining(", "));
    String best =
        trials
            .best()
            .map(
                event ->
                    "best "
                        + value(event.result().score().metric())
                        + " (trial "
                        + event.trial()
                        + ")")
            .orElse("no result yet");
    return String.format(
        Locale.ROOT,
        "trials %d%s  running %s  %s  %d epochs  %s%s",
        trials.all().size(),
        limit == Integer.MAX_VALUE ? "" : "/" + limit,
        under.isEmpty() ? "none" : under,
        best,
        trials.epochsSpent(),
        Progress.duration(record.elapsedSeconds()),
        left(trials, limit));
  }

  /** As if the trials to come were like those that have ended. */
  private String left(Trials trials, int limit) {
    long ended = trials.all().stream().filter(event -> event.result().state().isFinal()).count();
    if (ended == 0 || limit == Integer.MAX_VALUE) {
      return "";
    }
    double seconds = record.elapsedSeconds() * (limit - ended) / ended;
    double bound = definition.settings().budget().maxSeconds() - record.elapsedSeconds();
    return "  about " + Progress.duration(Math.min(seconds, bound)) + " left";
  }
}
