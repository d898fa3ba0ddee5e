package dev.convoy.driver.check;

import java.util.List;

/** The family of checks. */
final class Checks {
  /** Every check, in the order of its work. A new one is its own file and one more line here. */
  static final List<Check> ALL =
      List.of(
          new ClassBalanceCheck(),
          new DuplicatesCheck(),
          new ImageSizesCheck(),
          new InputsCheck(),
          new InitialWeightsCheck(),
          new InitialLossCheck(),
          new RegularizationCheck(),
          new ActivationsCheck(),
          new GradientsCheck(),
          new LearningRateCheck(),
          new UpdateRatioCheck(),
          new OverfitCheck(),
          new LabelsCheck(),
          new ResourcesCheck());

  private Checks() {}
}
