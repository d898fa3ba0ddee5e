package dev.convoy.driver.trial;

import dev.convoy.data.Text;
import dev.convoy.driver.report.LiveLine;
import dev.convoy.driver.report.LiveLine.Field;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.EarlyStopping;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Reports trials on the terminal. */
public final class TrialProgress {
  private final TrialPlan plan;
  private final TrialRecord record;
  private final Progress progress;
  private final EarlyStopping.Metric metric;

  TrialProgress(TrialPlan plan, TrialRecord record, Progress progress) {
    this.plan = plan;
    this.record = record;
    this.progress = progress;
    this.metric = plan.metric();
  }

  /** Reports what is resumed. */
  void recalled(int unfinished) {
    int known = record.trials().all().size();
    if (known + unfinished > 0) {
      progress.say(
          "going on after "
              + known
              + " "
              + plan.noun()
              + "s, with "
              + unfinished
              + " that had begun, "
              + Progress.duration(record.elapsedSeconds())
              + " into it");
    }
  }

  /** Reports the result of a trial. */
  void ended(TrialEvent event) {
    TrialResult result = event.result();
    progress.say(
        Text.of(
            "%s %d  %s  %s  %d epochs  %s  %s%s",
            plan.noun(),
            event.trial(),
            result.state().key(),
            value(result.score().metric()),
            result.epochs(),
            Progress.duration(event.clock().seconds()),
            values(event.values()),
            result.reason().isEmpty() ? "" : "  (" + result.reason() + ")"));
  }

  /** Drawn values in a line of text. */
  public static String values(Map<String, Object> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + shortened(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** A value in few digits. */
  public static String shortened(Object value) {
    return value instanceof Double number ? Text.of("%.4g", number) : String.valueOf(value);
  }

  private String value(OptionalDouble value) {
    return metric.key() + " " + (value.isPresent() ? Text.of("%.4f", value.getAsDouble()) : "none");
  }

  /** Shows the live line. */
  void show(Collection<TrialLoop.Running> running) {
    progress.live(() -> line(running));
  }

  private LiveLine line(Collection<TrialLoop.Running> running) {
    TrialHistory trials = record.trials();
    int limit = plan.limits().trials();
    String under =
        running.stream()
            .map(work -> work.trial() + ": " + Text.count(work.epochs(), "epoch"))
            .collect(Collectors.joining(", "));
    String best =
        trials
            .best()
            .map(
                event ->
                    "best "
                        + value(event.result().score().metric())
                        + " ("
                        + plan.noun()
                        + " "
                        + event.trial()
                        + ")")
            .orElse("no result yet");
    String ended =
        plan.noun() + "s " + trials.all().size() + (limit == Integer.MAX_VALUE ? "" : "/" + limit);
    return new LiveLine(
        List.of(
            new Field(ended, 6),
            new Field("running " + (under.isEmpty() ? "none" : under), 2),
            new Field(best, 4),
            new Field(Text.count(trials.epochsSpent(), "epoch"), 1),
            new Field(Progress.duration(record.elapsedSeconds()), 3),
            new Field(left(trials, limit), 5)));
  }

  /** As if the trials to come were like those that have ended. */
  private String left(TrialHistory trials, int limit) {
    long ended = trials.all().stream().filter(event -> event.result().state().isFinal()).count();
    if (ended == 0 || limit == Integer.MAX_VALUE) {
      return "";
    }
    double seconds = record.elapsedSeconds() * (limit - ended) / ended;
    double bound = plan.limits().maxSeconds() - record.elapsedSeconds();
    return "about " + Progress.duration(Math.min(seconds, bound)) + " left";
  }
}
