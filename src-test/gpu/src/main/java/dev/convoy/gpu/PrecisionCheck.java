package dev.convoy.gpu;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.Locale;

/**
 * What less precision makes of loss and gradient, in a batch of the size that speed is measured
 * with: beside the same network on the same card in float32.
 */
final class PrecisionCheck {
  private final CheckedGpu machine;
  private final SavedNetwork network;
  private final RandomBatches batches;
  private final int batch;
  private final Session.Gradient expected;

  /**
   * What was found.
   *
   * @param network its name
   * @param precision of values
   * @param batch images
   * @param loss the mean of the images
   * @param lossInFloat32 the same in float32
   * @param fromFloat32 the gradient's difference
   */
  record Entry(
      String network,
      Precision precision,
      int batch,
      double loss,
      double lossInFloat32,
      GradientDifference fromFloat32) {
    String line() {
      return String.format(
          Locale.ROOT,
          "%-10s %-8s batch %d: loss %.6f, in FLOAT32 %.6f; gradient: cosine %.6f, largest"
              + " difference %.1e in %s",
          network,
          precision,
          batch,
          loss,
          lossInFloat32,
          fromFloat32.cosine(),
          fromFloat32.largest(),
          fromFloat32.parameter());
    }
  }

  /** Computes in float32. */
  PrecisionCheck(CheckedGpu machine, SavedNetwork network, int batch)
      throws UnsupportedNetworkException {
    this.machine = machine;
    this.network = network;
    this.batch = batch;
    batches = new RandomBatches(network.input(), 1, batch);
    expected = gradient(Precision.FLOAT32);
  }

  private Session.Gradient gradient(Precision precision) throws UnsupportedNetworkException {
    try (Session session = machine.session(network, precision, Steps.MOMENTUM)) {
      return batches.gradient(session);
    }
  }

  Entry of(Precision precision) throws UnsupportedNetworkException {
    Session.Gradient gradient = gradient(precision);
    return new Entry(
        network.name(),
        precision,
        batch,
        gradient.loss(),
        expected.loss(),
        GradientDifference.of(
            GradientDifference.doubles(gradient.values()),
            GradientDifference.doubles(expected.values()),
            network.segments()));
  }
}
