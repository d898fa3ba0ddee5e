package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.random.KeyedRandom;
import java.util.List;

/** Does one random operation of random strength, as torchvision's {@code TrivialAugmentWide}. */
final class TrivialAugment implements Policy {
  static final int LEVELS = 31;

  static final Component<Augmentation> COMPONENT =
      Component.named("trivial-augment", "does one random operation of random strength")
          .from(
              "Müller and Hutter 2021, TrivialAugment: tuning-free yet state-of-the-art data"
                  + " augmentation")
          .createdBy(options -> new TrivialAugment());

  private TrivialAugment() {}

  @Override
  public List<PolicyStep> draw(ImageShape shape, KeyedRandom random) {
    PolicyOperation operation = random.any(PolicyOperation.OF_RANDOM_POLICIES);
    MagnitudeLevel level = new MagnitudeLevel(random.nextInt(LEVELS), LEVELS);
    return List.of(operation.draw(level, PolicyRanges.WIDE, shape, random));
  }
}
