package dev.convoy.benchmark.peer;

import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.natives.InstructionSetLimit;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.schedule.StepRates;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Convoy without Spark: two replicas, one thread each, as an executor with two cores runs them. */
public final class ConvoyPeer implements Replica {
  /** The property that says what is computed in; single precision by default. */
  public static final String PRECISION = "precision";

  private static final int REPLICAS = 2;

  private final Task task;
  private final RandomImages images;
  private final ComputationGraph network;
  private final Session session;
  private int steps;

  private ConvoyPeer(Task task) {
    this.task = task;
    this.images = new RandomImages(task);
    Networks.useThreads(1);
    this.network = Networks.bare(task.workload());
    this.session =
        Accelerator.open(
            Job.training(network, Networks.input(task.workload()), optimizer(), 1),
            new Accelerator.Settings(
                true,
                Precision.valueOf(System.getProperty(PRECISION, Precision.FLOAT32.name())),
                false,
                InstructionSetLimit.AUTO));
  }

  /** Takes the arguments of every peer. */
  public static void main(String[] words) throws Exception {
    PeerArguments arguments = PeerArguments.parse(words);
    // What every process has: classes and libraries are loaded before memory is measured.
    new ConvoyPeer(new Task(Workload.LENET_5, 1, arguments.task().mode())).step();
    AtomicReference<String> description = new AtomicReference<>();
    // The description is known once the first replica is built, which is before it is said.
    PeerLoop.serve(
        REPLICAS,
        () -> {
          ConvoyPeer peer = new ConvoyPeer(arguments.task());
          description.set(peer.session.description());
          return peer;
        },
        arguments.warmUpSeconds(),
        description::get);
    System.exit(0);
  }

  private static OptimizerSettings optimizer() {
    return new OptimizerSettings(
        new ComponentSettings("nesterov", Map.of("momentum", Networks.MOMENTUM)),
        Networks.LEARNING_RATE,
        new OptimizerSettings.Regularization(0, Networks.L2, 0, 0, 0),
        ComponentSettings.defaults("constant"),
        ComponentSettings.defaults("constant"),
        0,
        LayerRates.ALIKE);
  }

  @Override
  public long parameters() {
    return Networks.learned(network);
  }

  @Override
  public long imageBytes() {
    return images.bytes();
  }

  @Override
  public int step() {
    int batch = images.advance();
    if (task.mode() == Mode.TRAINING) {
      session.train(
          Images.of(images.images(batch)),
          Targets.ofClasses(images.labels(batch)),
          task.batch(),
          steps++,
          StepRates.of(Networks.LEARNING_RATE));
    } else {
      session.probabilities(Images.of(images.images(batch)), task.batch());
    }
    return task.batch();
  }
}
