package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.training.WorkerSettings;

/** How large a network may be, so that what workers train fits where it goes. Driver only. */
public final class ResultSize {
  /** Kryo's largest buffer, without what comes beside the values. */
  private static final long MAX_BYTES = 2046L << 20;

  private ResultSize() {}

  /**
   * Makes sure of it before anything is trained, or the network made.
   *
   * @param classes how many there are
   * @throws ConfigurationException if the network is larger
   */
  public static void require(RunConfiguration configuration, int classes) {
    WorkerSettings settings = Workers.settings(configuration, classes, 1);
    String model = configuration.model().name();
    VectorSizes sizes;
    try {
      sizes = VectorSizes.of(settings);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "model = " + model + ": expected a network that can be trained, found " + e.getMessage());
    }
    if (configuration.training().averaging().route().isOnExecutors(sizes.bytes())) {
      requireArrays(model, settings, sizes);
      return;
    }
    long parameters = sizes.parameters();
    long state = sizes.optimizerState();
    if (sizes.bytes() > MAX_BYTES) {
      throw new ConfigurationException(
          Text.of(
              "model = %s: expected a network whose parameters and optimizer state take no more"
                  + " than %,d MiB, which is what an executor can send to the driver, found %,d"
                  + " parameters and %,d values of %s's state, %,d MiB. Set averaging.route ="
                  + " executors.",
              model,
              MAX_BYTES >> 20,
              parameters,
              state,
              settings.optimizer().rule().name(),
              sizes.bytes() >> 20));
    }
  }

  /** Each vector is one array. */
  private static void requireArrays(String model, WorkerSettings settings, VectorSizes sizes) {
    if (Math.max(sizes.parameters(), sizes.optimizerState()) > Integer.MAX_VALUE - Byte.SIZE) {
      throw new ConfigurationException(
          Text.of(
              "model = %s: expected a network whose parameters, and whose optimizer state, are no"
                  + " more than %,d values, which is what an array holds, found %,d parameters and"
                  + " %,d values of %s's state. Make the network smaller.",
              model,
              Integer.MAX_VALUE - Byte.SIZE,
              sizes.parameters(),
              sizes.optimizerState(),
              settings.optimizer().rule().name()));
    }
  }
}
