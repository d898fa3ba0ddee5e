package dev.convoy.worker.schedule;

import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;

/**
 * A linear rise of the learning rate from 0 that a schedule can begin with: Goyal et al., Accurate,
 * Large Minibatch SGD, 2017.
 *
 * @param epochs it takes, at least 0
 */
record WarmUp(double epochs) {
  static final Option<Double> OPTION =
      Option.epochs("warm-up", 0, "length of the linear rise from 0");

  static WarmUp of(OptionValues options) {
    return new WarmUp(options.value(OPTION));
  }

  /** What the rate is multiplied by: from 0 to 1. */
  double factor(double epochsTrained) {
    return epochsTrained < epochs ? epochsTrained / epochs : 1;
  }
}
