package dev.convoy.gpu;

import dev.convoy.data.batch.Images;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.gpu.ReferenceCase.Batch;
import dev.convoy.gpu.ReferenceCase.Reference;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.reference.Formulas;
import dev.convoy.worker.schedule.StepRates;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Writes networks to measure with, and small ones with what the CPU and the formulas make of a
 * batch: {@code GpuPreparation FOLDER}. Needs ND4J's natives.
 */
public final class GpuPreparation {
  private static final int SIZE = 8;
  private static final long KEY = 11;

  private static final Map<String, InputShape> NETWORKS =
      Map.of(
          "resnet-20", new InputShape(32, 32, 3, 10),
          "resnet-18", new InputShape(224, 224, 3, 1000),
          "resnet-50", new InputShape(224, 224, 3, 1000));

  private final Path folder;

  private GpuPreparation(Path folder) {
    this.folder = folder;
  }

  /** Writes into the folder that is named. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1) {
      System.err.println("Cannot prepare: expected a folder to write to, found nothing.");
      System.exit(2);
    }
    GpuPreparation preparation = new GpuPreparation(Path.of(arguments[0]));
    preparation.writeNetworks();
    for (SmallNetwork network : SmallNetwork.all()) {
      preparation.writeCase(network);
    }
  }

  private void writeNetworks() throws IOException {
    for (Map.Entry<String, InputShape> network : NETWORKS.entrySet()) {
      Path into = folder.resolve("networks").resolve(network.getKey());
      ComputationGraph graph =
          Models.create(ComponentSettings.defaults(network.getKey()), network.getValue(), KEY);
      if (network.getKey().equals("resnet-20")) {
        SavedNetwork.write(into, graph, network.getValue()); // its accuracy is measured
      } else {
        SavedNetwork.writeUndrawn(into, graph, network.getValue());
      }
    }
  }

  private void writeCase(SmallNetwork small) throws IOException, UnsupportedNetworkException {
    ComputationGraph network = Models.create(small.model(), small.input(), KEY);
    stir(network);
    Batch batch = batch(small.input());
    Path into = folder.resolve("cases").resolve(small.name());
    SavedNetwork.write(into, network, small.input());
    List<Segment> segments = Segment.of(network);
    Reference formulas = formulas(network, small.input(), batch, segments);
    Reference cpu = cpu(network, small.input(), batch);
    GradientDifference difference =
        GradientDifference.of(cpu.gradient(), formulas.gradient(), segments);
    ReferenceCase.write(
        into, batch, formulas, new ReferenceCase.OfCpu(cpu.loss(), difference.largest()));
    System.out.printf(
        Locale.ROOT,
        "%-24s %,9d parameters, loss %.6f; CPU beside formulas: %.1e in %s, loss %.1e%n",
        small.name(),
        network.numParams(),
        cpu.loss(),
        difference.largest(),
        difference.parameter(),
        Math.abs(cpu.loss() - formulas.loss()));
  }

  /** Makes every parameter matter: zeros of biases and running statistics hide mistakes. */
  private static void stir(ComputationGraph network) {
    Random random = new Random(3);
    network
        .paramTable()
        .forEach(
            (name, values) -> {
              if (!name.endsWith("W")) {
                double base = name.endsWith("_gamma") || name.endsWith("_var") ? 1 : 0;
                for (long i = 0; i < values.length(); i++) {
                  values.putScalar(i, base + 0.3 * random.nextDouble());
                }
              }
            });
  }

  private static Batch batch(InputShape input) {
    Random random = new Random(7);
    byte[] pixels = new byte[SIZE * input.values()];
    random.nextBytes(pixels);
    return new Batch(pixels, random.ints(SIZE, 0, input.classes()).toArray(), KEY);
  }

  private static Reference cpu(ComputationGraph network, InputShape input, Batch batch) {
    Job job = Job.training(network, input, Steps.PLAIN, 1);
    try (Session session = Accelerator.open(job, Accelerator.Settings.all())) {
      Session.Gradient gradient =
          session.gradient(
              batch.images(input), batch.targets(), batch.size(), batch.key(), StepRates.of(0.1));
      return new Reference(gradient.loss(), GradientDifference.doubles(gradient.values()));
    }
  }

  private static Reference formulas(
      ComputationGraph network, InputShape input, Batch batch, List<Segment> segments)
      throws UnsupportedNetworkException {
    float[] images = new float[batch.size() * input.values()];
    Images pixels = batch.images(input);
    pixels.write(0, batch.size(), FloatBuffer.wrap(images));
    Formulas formulas = Formulas.of(network, input, images, batch.labels(), batch.key());
    double[] mean = formulas.gradient().clone();
    for (Segment segment : segments) {
      if (segment.kind() != Segment.Kind.RUNNING_STATISTIC) {
        int from = Math.toIntExact(segment.offset());
        for (int i = from; i < from + segment.length(); i++) {
          mean[i] /= batch.size();
        }
      }
    }
    return new Reference(formulas.loss(), mean);
  }
}
