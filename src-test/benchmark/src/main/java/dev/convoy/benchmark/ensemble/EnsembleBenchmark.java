package dev.convoy.benchmark.ensemble;

import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.report.Json;
import dev.convoy.benchmark.report.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Measures ensembles, and reports. */
public final class EnsembleBenchmark {
  private static final List<Workload> USUAL_NETWORKS =
      List.of(Workload.LENET_5, Workload.RESNET_20);
  private static final int SMALL_NETWORK_IMAGES = 20_000;
  private static final int LARGE_NETWORK_IMAGES = 4000;

  private final EnsembleOptions.Choice choice;
  private final Settings settings;
  private final Path output;

  /**
   * What is chosen for other parts of the benchmark too.
   *
   * @param networks that members are; empty for LeNet-5 and ResNet-20
   * @param images that they are asked about; empty for what each network is used to
   * @param repetitions of what is timed
   */
  public record Settings(List<Workload> networks, OptionalInt images, int repetitions) {
    /** Copies the list. */
    public Settings {
      networks = List.copyOf(networks);
    }
  }

  /**
   * A measurement that is to be taken.
   *
   * @param options what was chosen
   * @param output a directory for images, predictions and reports
   */
  public EnsembleBenchmark(EnsembleOptions options, Settings settings, Path output) {
    this.choice = options.choice();
    this.settings = settings;
    this.output = output;
  }

  /**
   * Measures what was chosen.
   *
   * @param progress what is being done
   * @param table what came of it
   * @throws dev.convoy.benchmark.BenchmarkException if something could not be measured
   * @throws IOException if the report cannot be written
   */
  public void run(PrintStream progress, PrintStream table) throws IOException {
    EnsembleFindings findings = new EnsembleFindings();
    try {
      for (EnsembleMeasure measure : choice.measures()) {
        measure(measure, findings, progress);
      }
    } finally {
      // What was measured before a failure is worth keeping.
      if (!findings.isEmpty()) {
        Json.write(output.resolve("ensemble.json"), EnsembleJson.of(Machine.here(), findings));
        table.print(EnsembleTable.of(findings));
        progress.println("written to " + output);
      }
    }
  }

  private void measure(EnsembleMeasure measure, EnsembleFindings findings, PrintStream progress) {
    switch (measure) {
      case COST -> {
        for (Workload network :
            settings.networks().isEmpty() ? USUAL_NETWORKS : settings.networks()) {
          findings.add(new CostMeasurement(network, scale(network), output, progress).run());
        }
      }
      case STREAMING ->
          findings.add(
              new StreamingMeasurement(
                      StreamingMeasurement.Scale.usual(choice.streamedImages(), choice.members()),
                      output,
                      progress)
                  .run());
    }
  }

  private CostMeasurement.Scale scale(Workload network) {
    int usualImages = network == Workload.LENET_5 ? SMALL_NETWORK_IMAGES : LARGE_NETWORK_IMAGES;
    return new CostMeasurement.Scale(
        settings.images().orElse(usualImages), choice.members(), settings.repetitions());
  }
}
