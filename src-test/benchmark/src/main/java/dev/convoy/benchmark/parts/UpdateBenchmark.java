package dev.convoy.benchmark.parts;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.ParameterUpdate;
import dev.convoy.worker.schedule.StepRates;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A step of the optimizer, with L2, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UpdateBenchmark {
  private static final int BATCH = 64;

  /** Whose parameters. */
  @Param({"resnet-20", "vgg-11"})
  public String model;

  /** The update rule. */
  @Param({"nesterov", "adam"})
  public String rule;

  private ParameterUpdate update;

  /** Builds the network. */
  @Setup
  public void build() {
    ComputationGraph network =
        Models.create(ComponentSettings.defaults(model), new InputShape(32, 32, 3, 10), 1);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    update =
        new ParameterUpdate(
            network,
            new OptimizerSettings(
                ComponentSettings.defaults(rule),
                0.01,
                new OptimizerSettings.Regularization(0, 5e-4, 0, 0, 0),
                ComponentSettings.defaults("constant"),
                ComponentSettings.defaults("constant"),
                0,
                LayerRates.ALIKE));
  }

  /** One step. */
  @Benchmark
  public void step() {
    update.step(BATCH, StepRates.of(0.01), 0);
  }
}
