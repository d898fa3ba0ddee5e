package dev.convoy.driver.cluster;

import dev.convoy.driver.cluster.Diagnosis.Finding;
import dev.convoy.driver.cluster.Diagnosis.State;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.device.Card;
import dev.convoy.worker.cuda.device.Gpu;
import dev.convoy.worker.cuda.device.GpuAnswer;
import dev.convoy.worker.cuda.device.GpuRefusal;
import dev.convoy.worker.cuda.device.Gpus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code doctor} finds of GPUs: driver and libraries, then every card. */
final class GpuDiagnosis {
  private static final String SUBJECT = "GPU";

  private GpuDiagnosis() {}

  static List<Finding> of(Gpus gpus) {
    if (!gpus.mayExist()) {
      return List.of(new Finding(SUBJECT, State.RIGHT, "none; training runs on the CPU", ""));
    }
    List<Finding> findings = new ArrayList<>();
    gpus.versions()
        .ifPresent(
            versions ->
                findings.add(new Finding("GPU libraries", State.RIGHT, versions.toString(), "")));
    gpus.problem()
        .ifPresent(
            problem ->
                findings.add(
                    new Finding(
                        "GPU libraries",
                        State.DOUBTFUL,
                        "not usable; training runs on the CPU",
                        problem)));
    gpus.warnings()
        .forEach(
            warning ->
                findings.add(
                    new Finding("GPU libraries", State.DOUBTFUL, "something is missing", warning)));
    for (Card card : gpus.cards()) {
      findings.add(of(card, gpus.answer(card), gpus.problem().isPresent()));
    }
    return findings;
  }

  /** What is wrong with all cards is said once. */
  private static Finding of(Card card, GpuAnswer answer, boolean isSaid) {
    if (answer instanceof Gpu gpu) {
      return new Finding(SUBJECT, State.RIGHT, card + "; computes in " + precisions(gpu), "");
    }
    return new Finding(
        SUBJECT, State.DOUBTFUL, card.toString(), isSaid ? "" : ((GpuRefusal) answer).reason());
  }

  private static String precisions(Gpu gpu) {
    return gpu.precisions().stream()
        .map(Precision::name)
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
