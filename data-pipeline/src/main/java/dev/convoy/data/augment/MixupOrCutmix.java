package dev.convoy.data.augment;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** Changes some batches by {@link Mixup}, and the others by {@link Cutmix}. */
final class MixupOrCutmix implements BatchAugmentation {
  private static final Option<Double> MIXUP_ALPHA = NeighbourMixing.alpha("mixup-alpha", 0.2);
  private static final Option<Double> CUTMIX_ALPHA = NeighbourMixing.alpha("cutmix-alpha", 1);

  private static final Option<Double> CUTMIX =
      Option.probability("cutmix", 0.5, "how often a batch is changed by cutmix, else by mixup");

  static final Component<Augmentation> COMPONENT =
      Component.named("mixup-or-cutmix", "changes every batch by mixup or by cutmix, at random")
          .with(CUTMIX, MIXUP_ALPHA, CUTMIX_ALPHA)
          .createdBy(MixupOrCutmix::new);

  private final Mixup mixup;
  private final Cutmix cutmix;
  private final double probabilityOfCutmix;

  private MixupOrCutmix(OptionValues options) {
    this.mixup = new Mixup(options.value(MIXUP_ALPHA));
    this.cutmix = new Cutmix(options.value(CUTMIX_ALPHA));
    this.probabilityOfCutmix = options.value(CUTMIX);
  }

  @Override
  public void apply(AugmentedBatch batch, KeyedRandom random) {
    NeighbourMixing chosen = random.nextDouble() < probabilityOfCutmix ? cutmix : mixup;
    chosen.apply(batch, random);
  }
}
