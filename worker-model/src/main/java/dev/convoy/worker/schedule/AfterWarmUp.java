package dev.convoy.worker.schedule;

import dev.convoy.data.component.OptionValues;

/** A schedule whose own course begins, at the full rate, when the warm-up has ended. */
abstract class AfterWarmUp implements Schedule {
  private final WarmUp warmUp;

  AfterWarmUp(OptionValues options) {
    this.warmUp = WarmUp.of(options);
  }

  @Override
  public final double factor(double epochs, double totalEpochs) {
    return epochs < warmUp.epochs()
        ? warmUp.factor(epochs)
        : fraction(epochs - warmUp.epochs(), totalEpochs - warmUp.epochs());
  }

  @Override
  public final double warmUpEpochs() {
    return warmUp.epochs();
  }

  /**
   * What the rate is multiplied by after the warm-up.
   *
   * @param epochs since then, at least 0
   * @param totalEpochs from then to the end of the run; at most 0 if that lies within the warm-up
   */
  abstract double fraction(double epochs, double totalEpochs);

  /** From 0 to 1 over the run; 1 after its end. */
  static double progress(double epochs, double totalEpochs) {
    return epochs < totalEpochs ? epochs / totalEpochs : 1;
  }
}
