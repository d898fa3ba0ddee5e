package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialState;
import dev.convoy.driver.trial.Trials;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import java.util.ArrayList;
import java.util.List;

/**
 * Who answers, and who was left out.
 *
 * @param answering in the order of their numbers
 * @param leftOut those that diverged or failed
 */
record Members(List<Member> answering, List<TrialEvent> leftOut) {
  Members {
    answering = List.copyOf(answering);
    leftOut = List.copyOf(leftOut);
  }

  /** The members that have come to their end. */
  static Members of(Trials trials, EnsembleDefinition definition, EnsembleDirectory directory) {
    List<Member> answering = new ArrayList<>();
    List<TrialEvent> leftOut = new ArrayList<>();
    for (TrialEvent event : trials.all()) {
      TrialState state = event.result().state();
      if (state == TrialState.DIVERGED || state == TrialState.FAILED) {
        leftOut.add(event);
      } else {
        answering.add(member(event.trial(), definition, directory));
      }
    }
    return new Members(answering, leftOut);
  }

  private static Member member(
      int number, EnsembleDefinition definition, EnsembleDirectory directory) {
    String location = directory.runOf(number);
    RunConfiguration run = definition.memberRun(definition.trial(number), location);
    String sha256 =
        directory
            .summaryOf(number)
            .map((JsonNode summary) -> summary.path("parameter-sha256").asText())
            .orElse("");
    String name = location.substring(directory.location().length() + 1);
    return new Member(
        number, run, new Provenance(name, run.seed(), sha256), directory.model(number));
  }

  List<byte[]> models() {
    return answering.stream().map(Member::model).toList();
  }
}
