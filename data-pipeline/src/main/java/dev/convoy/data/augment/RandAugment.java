package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;
import java.util.ArrayList;
import java.util.List;

/** Does some random operations of one strength, as torchvision's {@code RandAugment}. */
final class RandAugment implements Policy {
  private static final int LEVELS = 31;

  private static final Option<Integer> OPERATIONS =
      Option.wholeNumber("operations", 2, 0, 14, "how many are done, one after the other");

  private static final Option<Integer> MAGNITUDE =
      Option.wholeNumber("magnitude", 9, 0, LEVELS - 1, "how strong they are");

  static final Component<Augmentation> COMPONENT =
      Component.named("rand-augment", "does some random operations of one strength")
          .from(
              "Cubuk, Zoph, Shlens and Le 2020, RandAugment: practical automated data augmentation"
                  + " with a reduced search space")
          .with(OPERATIONS, MAGNITUDE)
          .createdBy(RandAugment::new);

  private final int operations;
  private final MagnitudeLevel level;

  private RandAugment(OptionValues options) {
    this.operations = options.value(OPERATIONS);
    this.level = new MagnitudeLevel(options.value(MAGNITUDE), LEVELS);
  }

  @Override
  public List<PolicyStep> draw(ImageShape shape, KeyedRandom random) {
    List<PolicyStep> steps = new ArrayList<>(operations);
    for (int i = 0; i < operations; i++) {
      PolicyOperation operation = random.any(PolicyOperation.OF_RANDOM_POLICIES);
      steps.add(operation.draw(level, PolicyRanges.USUAL, shape, random));
    }
    return steps;
  }
}
