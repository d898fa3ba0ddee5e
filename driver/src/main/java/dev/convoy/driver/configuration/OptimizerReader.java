package dev.convoy.driver.configuration;

import static dev.convoy.data.component.ValueType.choice;
import static dev.convoy.data.component.ValueType.number;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.worker.optimizer.GradientClips;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.MaxNorm;
import dev.convoy.worker.optimizer.Noise;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Optimizers;
import dev.convoy.worker.optimizer.Penalties;
import dev.convoy.worker.tangent.PictureMovement;
import dev.convoy.worker.tangent.TangentPropagation;
import java.util.List;

/** Reads the optimizer block. */
final class OptimizerReader {
  private OptimizerReader() {}

  static OptimizerSettings read(Settings settings) {
    ComponentSettings rule = ComponentBlock.OPTIMIZER.read(settings);
    return new OptimizerSettings(
        rule,
        settings.get("optimizer.learning-rate", number(Range.above(0))),
        new Regularization(
            new Penalties(
                coefficient(settings, "optimizer.l1"),
                coefficient(settings, "optimizer.l1-proximal"),
                coefficient(settings, "optimizer.l2"),
                coefficient(settings, "optimizer.weight-decay"),
                coefficient(settings, "optimizer.orthogonality"),
                settings.get("optimizer.penalized-parameters", choice(Penalties.Touched.class)),
                layers(settings, "optimizer.penalized-layers")),
            new GradientClips(
                bound(settings, "optimizer.clip-value"),
                bound(settings, "optimizer.clip-layer-norm"),
                bound(settings, "optimizer.clip-adaptive"),
                bound(settings, "optimizer.clip-norm")),
            new MaxNorm(
                bound(settings, "optimizer.max-norm"),
                layers(settings, "optimizer.max-norm-layers")),
            new Noise(
                bound(settings, "optimizer.gradient-noise.variance"),
                coefficient(settings, "optimizer.gradient-noise.decay"),
                bound(settings, "optimizer.weight-noise.deviation")),
            tangents(settings)),
        ComponentBlock.SCHEDULE.read(settings),
        momentumSchedule(settings, rule),
        bound(settings, "optimizer.sharpness.radius"),
        TransferReader.rates(settings));
  }

  private static ComponentSettings momentumSchedule(Settings settings, ComponentSettings rule) {
    ComponentSettings schedule = ComponentBlock.MOMENTUM_SCHEDULE.read(settings);
    if (!schedule.name().equals("constant")
        && Optimizers.FAMILY.create(rule).momentum().isEmpty()) {
      settings.problem(
          ComponentBlock.MOMENTUM_SCHEDULE.nameKey(),
          "constant for " + rule.name() + ", which has no momentum to change");
    }
    return schedule;
  }

  /** Null for none. */
  private static TangentPropagation tangents(Settings settings) {
    double weight = bound(settings, "optimizer.tangent-prop.weight");
    List<PictureMovement> movements =
        settings.get("optimizer.tangent-prop.tangents", choice(PictureMovement.class).list());
    double step = settings.get("optimizer.tangent-prop.step", number(Range.above(0)));
    if (weight > 0 && movements.isEmpty()) {
      settings.problem("optimizer.tangent-prop.tangents", "at least one movement");
    }
    return weight == 0 || movements.isEmpty()
        ? null
        : new TangentPropagation(weight, movements, step);
  }

  private static double coefficient(Settings settings, String key) {
    return settings.get(key, number(Range.atLeast(0)));
  }

  private static LayerNames layers(Settings settings, String key) {
    return new LayerNames(settings.get(key, new ValueType.Text().list()));
  }

  /** 0 for none. */
  private static double bound(Settings settings, String key) {
    return settings.get(key, number(Range.above(0)).orNull()).orElse(0.0);
  }
}
