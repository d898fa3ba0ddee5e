package dev.convoy.data.augment;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType.RealNumber;
import dev.convoy.data.random.KeyedRandom;

/** Takes a part of every target and spreads it evenly over all classes: (1 − a)·y + a / k. */
final class LabelSmoothing implements BatchAugmentation {
  private static final Option<Double> AMOUNT =
      Option.of(
          "amount",
          new RealNumber(Range.closedOpen(0, 1)),
          0.1,
          "how much of a target is spread evenly over all classes");

  static final Component<Augmentation> COMPONENT =
      Component.named("label-smoothing", "spreads a part of every target over all classes")
          .from(
              "Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2016, Rethinking the inception"
                  + " architecture for computer vision")
          .with(AMOUNT)
          .createdBy(LabelSmoothing::new);

  private final double amount;

  private LabelSmoothing(OptionValues options) {
    this.amount = options.value(AMOUNT);
  }

  @Override
  public void apply(AugmentedBatch batch, KeyedRandom random) {
    float[] targets = batch.targets();
    for (int i = 0; i < batch.size() * batch.classes(); i++) {
      targets[i] = (float) ((1 - amount) * targets[i] + amount / batch.classes());
    }
  }
}
