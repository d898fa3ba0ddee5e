package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.augment.AutoAugmentPolicy.Pair;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.random.KeyedRandom;
import java.util.ArrayList;
import java.util.List;

/** Does a random pair of a policy, each of the two with its probability and magnitude. */
final class AutoAugment implements Policy {
  private static final Option<AutoAugmentPolicy> POLICY =
      Option.choice("policy", AutoAugmentPolicy.CIFAR10, ValueType::nameOf, "what it was found on");

  static final Component<Augmentation> COMPONENT =
      Component.named("auto-augment", "does one of 25 pairs of operations that were learned")
          .from(
              "Cubuk, Zoph, Mane, Vasudevan and Le 2019, AutoAugment: learning augmentation"
                  + " strategies from data")
          .with(POLICY)
          .createdBy(AutoAugment::new);

  private final AutoAugmentPolicy policy;

  private AutoAugment(OptionValues options) {
    this.policy = options.value(POLICY);
  }

  @Override
  public List<PolicyStep> draw(ImageShape shape, KeyedRandom random) {
    Pair pair = random.any(policy.pairs());
    List<PolicyStep> steps = new ArrayList<>(2);
    if (random.nextDouble() < pair.probability()) {
      steps.add(draw(pair.operation(), pair.level(), shape, random));
    }
    if (random.nextDouble() < pair.nextProbability()) {
      steps.add(draw(pair.next(), pair.nextLevel(), shape, random));
    }
    return steps;
  }

  private static PolicyStep draw(
      PolicyOperation operation, int level, ImageShape shape, KeyedRandom random) {
    MagnitudeLevel magnitude = new MagnitudeLevel(level, AutoAugmentPolicy.LEVELS);
    return operation.draw(magnitude, PolicyRanges.USUAL, shape, random);
  }
}
