package dev.convoy.driver.configuration;

import dev.convoy.driver.averaging.AveragingRoute;
import dev.convoy.driver.averaging.OptimizerStates;
import dev.convoy.driver.averaging.StatisticsAveraging;
import dev.convoy.driver.configuration.RunConfiguration.Averaging;
import dev.convoy.driver.configuration.RunConfiguration.FrequencySettings;
import dev.convoy.driver.stock.StockNetwork;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.optimizer.GradientClips;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.Noise;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Optimizers;
import dev.convoy.worker.optimizer.Penalties;
import java.util.List;
import java.util.Set;

/** Notes what a run asks for that Deeplearning4j's training masters cannot do. */
final class StockMasterCheck {
  /** The images, which tell how many there are, are not listed yet. */
  private static final int SOME_CLASSES = 2;

  private final Settings settings;
  private final String strategy;

  private StockMasterCheck(Settings settings, RunConfiguration run) {
    this.settings = settings;
    this.strategy = run.training().averaging().rule().name();
  }

  static void require(Settings settings, RunConfiguration run) {
    StockMasterCheck check = new StockMasterCheck(settings, run);
    check.requireNetwork(run);
    check.requireOptimizer(run.optimizer());
    check.requireRegularization(run.optimizer().regularization());
    check.requireTraining(run.training());
    check.require(
        Set.of(Precision.AUTO, Precision.FLOAT32).contains(run.accelerator().precision()),
        "accelerator.precision",
        "auto or float32");
    check.require(
        run.accelerator().gpu().use() != GpuUse.REQUIRED, "accelerator.gpu", "auto or off");
  }

  private void require(boolean holds, String key, String expected) {
    if (!holds) {
      settings.problem(key, expected + " for averaging.strategy = " + strategy);
    }
  }

  private void requireNetwork(RunConfiguration run) {
    require(
        StockNetwork.hasLoss(run.loss()), "loss.name", "a loss that Deeplearning4j has of its own");
    if (settings.countProblems() > 0) {
      return; // the network may not be one that can be made
    }
    InputShape input = InputShape.of(run.data().shape(), SOME_CLASSES);
    List<String> missing = StockNetwork.missingLayers(run.model(), input);
    require(
        missing.isEmpty(),
        "model.name",
        "a network of layers that Deeplearning4j has, without " + String.join(", ", missing));
    require(
        StockNetwork.outputs(run.model(), input) == 1,
        "model.name",
        "a network without auxiliary classifiers");
  }

  private void requireOptimizer(OptimizerSettings optimizer) {
    String rule = optimizer.rule().name();
    require(
        StockNetwork.optimizers().contains(rule),
        "optimizer.name",
        "one of " + String.join(", ", StockNetwork.optimizers()));
    int arrays = Optimizers.FAMILY.create(optimizer.rule()).arrays().size();
    require(
        !rule.equals("sgd") || arrays == 0,
        "optimizer.momentum",
        "0, or optimizer.name = nesterov");
    require(
        !rule.equals("rmsprop") || arrays == 1,
        "optimizer.name",
        "rmsprop without momentum and not centred");
    require(
        optimizer.momentumSchedule().name().equals("constant"),
        ComponentBlock.MOMENTUM_SCHEDULE.nameKey(),
        "constant");
    require(optimizer.sharpnessRadius() == 0, "optimizer.sharpness.radius", "null");
    LayerRates layers = optimizer.layers();
    require(layers.frozen().patterns().isEmpty(), "transfer.freeze", "[]");
    require(layers.frozenUpTo().patterns().isEmpty(), "transfer.freeze-up-to", "null");
    require(layers.decay() == 1, "transfer.rate-decay", "1");
    require(
        layers.unfreezing().equals(LayerRates.Unfreezing.AT_ONCE),
        "transfer.unfreeze-every",
        "null");
  }

  private void requireRegularization(Regularization regularization) {
    Penalties penalties = regularization.penalties();
    require(penalties.l1Proximal() == 0, "optimizer.l1-proximal", "0");
    require(penalties.orthogonality() == 0, "optimizer.orthogonality", "0");
    require(
        penalties.parameters() == Penalties.Touched.WEIGHTS,
        "optimizer.penalized-parameters",
        "weights");
    require(penalties.layers().equals(LayerNames.ALL), "optimizer.penalized-layers", "[\"*\"]");
    GradientClips clips = regularization.clips();
    require(
        clips.value() == 0 || clips.layerNorm() == 0,
        "optimizer.clip-layer-norm",
        "null beside clip-value");
    require(clips.adaptive() == 0, "optimizer.clip-adaptive", "null");
    require(clips.norm() == 0, "optimizer.clip-norm", "null");
    require(regularization.maxNorm().largest() == 0, "optimizer.max-norm", "null");
    Noise noise = regularization.noise();
    require(noise.gradientVariance() == 0, "optimizer.gradient-noise.variance", "null");
    require(noise.weightDeviation() == 0, "optimizer.weight-noise.deviation", "null");
    require(regularization.tangents() == null, "optimizer.tangent-prop.weight", "null");
  }

  private void requireTraining(RunConfiguration.Training training) {
    Averaging averaging = training.averaging();
    require(
        averaging.optimizerStates() != OptimizerStates.KEEP,
        "averaging.optimizer-state",
        "average or reset");
    require(averaging.compression().name().equals("none"), "averaging.compression.name", "none");
    require(
        averaging.statistics() != StatisticsAveraging.MEASURED,
        "averaging.statistics",
        "mean or moments, which its master does not tell apart,");
    require(
        averaging.frequency().equals(FrequencySettings.fixed()),
        "averaging.every-batch-for",
        "0 epochs, and no adaptive-frequency,");
    require(averaging.deadlineSeconds().isEmpty(), "averaging.deadline", "null");
    require(averaging.route() != AveragingRoute.EXECUTORS, "averaging.route", "auto or driver");
    require(averaging.movingAverage().isEmpty(), "averaging.moving-average.decay", "null");
    require(training.reduceOnPlateau().isEmpty(), "training.reduce-on-plateau.factor", "null");
    require(
        training.validationEvery().unit() == Interval.Unit.EPOCHS,
        "training.early-stopping.every",
        "epochs, since no round ends before an epoch does");
  }
}
