package dev.convoy.driver.configuration;

import static dev.convoy.data.component.ValueType.choice;
import static dev.convoy.data.component.ValueType.wholeNumber;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Text;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.ValueType;
import dev.convoy.driver.configuration.RunConfiguration.Checkpoint;
import dev.convoy.driver.configuration.RunConfiguration.Data;
import dev.convoy.driver.configuration.RunConfiguration.Spark;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.ReduceOnPlateau;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.Architecture;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.LayerException;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.natives.InstructionSetLimit;
import java.util.List;
import java.util.Optional;

/** Reads what a run is, but for the blocks of the search and the ensemble. */
final class RunReader {
  /** The images, which tell how many there are, are not listed yet. */
  private static final int SOME_CLASSES = 2;

  private static final String FOR_NUMBERS = " where data.columns.numbers are learned";

  private RunReader() {}

  static RunConfiguration read(Settings settings) {
    String name = settings.get("name", new ValueType.Text());
    if (!name.matches("[A-Za-z0-9._-]+")) {
      settings.problem("name", "letters, digits, '.', '_' and '-' alone");
    }
    Data data = DataReader.read(settings);
    RunConfiguration run =
        new RunConfiguration(
            name,
            settings.path("output").orElse("runs/" + name),
            settings.flag("overwrite"),
            settings.seed(),
            data,
            settings.get("augment", new ValueType.MemberSettings<>(Augmentations.FAMILY).list()),
            model(settings, data.shape()),
            loss(settings),
            TransferReader.read(settings),
            OptimizerReader.read(settings),
            TrainingReader.read(settings, data.validation()),
            checkpoint(settings),
            accelerator(settings),
            new Spark(settings.optionalText("spark.master"), settings.leaves("spark.conf")),
            EffectiveTexts.ofRun(settings.config()));
    if (data.isOfNumbers()) {
      requireFitForNumbers(settings, run);
    }
    if (run.training().averaging().isStock()) {
      StockMasterCheck.require(settings, run);
    }
    return run;
  }

  /** Notes what makes no sense where numbers are learned. */
  private static void requireFitForNumbers(Settings settings, RunConfiguration run) {
    if (!Losses.FAMILY.create(run.loss()).takesNumbers()) {
      List<String> fit =
          Losses.FAMILY.names().stream()
              .filter(name -> Losses.FAMILY.create(ComponentSettings.defaults(name)).takesNumbers())
              .toList();
      settings.problem("loss.name", "one of " + String.join(", ", fit) + FOR_NUMBERS);
    }
    if (run.augmentations().stream().anyMatch(one -> one.name().equals("label-smoothing"))) {
      settings.problem("augment", "no label-smoothing" + FOR_NUMBERS);
    }
    requireLoss(
        settings,
        "training.early-stopping.metric",
        run.training().earlyStopping().map(EarlyStopping::metric));
    requireLoss(
        settings,
        "training.reduce-on-plateau.metric",
        run.training().reduceOnPlateau().map(ReduceOnPlateau::metric));
  }

  private static void requireLoss(
      Settings settings, String key, Optional<EarlyStopping.Metric> metric) {
    if (metric.filter(one -> one != EarlyStopping.Metric.VALIDATION_LOSS).isPresent()) {
      settings.problem(key, EarlyStopping.Metric.VALIDATION_LOSS.key() + FOR_NUMBERS);
    }
  }

  private static ComponentSettings model(Settings settings, ImageShape shape) {
    int before = settings.countProblems();
    ComponentSettings model = ComponentBlock.MODEL.read(settings);
    Architecture architecture = Models.FAMILY.create(model);
    if (settings.countProblems() == before) {
      requireLayers(settings, architecture, shape);
    }
    int smallest = architecture.smallestImage();
    if (shape.height() < smallest || shape.width() < smallest) {
      settings.problem(
          "data.image",
          Text.of("images of at least %d × %d pixels for %s", smallest, smallest, model.name()));
    }
    return model;
  }

  /** What the network learns with; the perceptron has a rule of its own. */
  private static ComponentSettings loss(Settings settings) {
    ComponentSettings loss = ComponentBlock.LOSS.read(settings);
    boolean isRule = "perceptron".equals(settings.members("model").get("name"));
    if (isRule && !loss.equals(Losses.DEFAULT)) {
      settings.problem(
          "loss.name", "cross-entropy for the perceptron, which has a rule of its own");
    }
    return loss;
  }

  /** Notes the first layer that cannot be made for such images. */
  private static void requireLayers(
      Settings settings, Architecture architecture, ImageShape shape) {
    try {
      architecture.require(InputShape.of(shape, SOME_CLASSES));
    } catch (LayerException e) {
      settings.noteAt("model.layers" + e.path(), e.reason());
    }
  }

  private static Checkpoint checkpoint(Settings settings) {
    return new Checkpoint(
        settings.get("checkpoint.every", Interval.in(Interval.Unit.values())),
        settings.get("checkpoint.keep", wholeNumber(1)),
        settings.get("checkpoint.snapshots", wholeNumber(1).list()));
  }

  private static Accelerator.Settings accelerator(Settings settings) {
    return new Accelerator.Settings(
        settings.flag("accelerator.compiled"),
        settings.get("accelerator.precision", choice(Precision.class)),
        settings.flag("accelerator.recompute"),
        settings.get("accelerator.instruction-set", choice(InstructionSetLimit.class)),
        GpuChoice.of(gpu(settings)));
  }

  private static GpuUse gpu(Settings settings) {
    GpuUse use = settings.get("accelerator.gpu", choice(GpuUse.class));
    if (settings.flag("accelerator.compiled")) {
      return use;
    }
    if (use == GpuUse.REQUIRED) {
      settings.problem(
          "accelerator.gpu", "auto or off for accelerator.compiled = off, which is the CPU's");
    }
    return GpuUse.OFF;
  }
}
