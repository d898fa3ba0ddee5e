package dev.convoy.gpu;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.DeviceMemoryException;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.regex.Pattern;

/** What comes of a batch that the card's memory does not do for, and of the session after it. */
final class OutOfMemoryCheck {
  private static final int SMALL = 8;

  /** What is left of the card, however much it has. */
  private static final long LEFT_BYTES = 8L << 30;

  private static final Pattern FITTING =
      Pattern.compile("Cannot train on .+ training\\.batch-size = \\d+ fits\\.");

  private OutOfMemoryCheck() {}

  /**
   * What was found.
   *
   * @param network its name
   * @param precision of values
   * @param batch images that are too many
   * @param message what the user is told
   * @param lossAfterwards of a small batch in the next session
   * @param lostBytes of the card's memory, when all was closed
   * @param verdict {@code right}, or what is not
   */
  record Entry(
      String network,
      Precision precision,
      int batch,
      String message,
      double lossAfterwards,
      long lostBytes,
      String verdict) {}

  /**
   * Tries a batch in what ballast leaves of the card's memory.
   *
   * @param batch images that should be too many
   */
  static Entry of(CheckedGpu machine, SavedNetwork network, Precision precision, int batch)
      throws UnsupportedNetworkException {
    long free = machine.freeBytes();
    Ballast ballast = machine.ballastUpTo(LEFT_BYTES);
    String message;
    try {
      message = message(machine, network, precision, batch);
    } finally {
      ballast.release();
    }
    double loss;
    try (Session session = machine.session(network, precision, Steps.MOMENTUM)) {
      loss = new RandomBatches(network.input(), 1, SMALL).train(session, 0);
    }
    return new Entry(
        network.name(),
        precision,
        batch,
        message,
        loss,
        free - machine.freeBytes(),
        verdict(message, loss));
  }

  private static String message(
      CheckedGpu machine, SavedNetwork network, Precision precision, int batch)
      throws UnsupportedNetworkException {
    try (Session session = machine.session(network, precision, Steps.MOMENTUM)) {
      new RandomBatches(network.input(), 1, batch).train(session, 0);
      return "";
    } catch (DeviceMemoryException e) {
      return e.getMessage();
    }
  }

  static String verdict(String message, double loss) {
    if (message.isEmpty()) {
      return "the batch fits";
    }
    if (!FITTING.matcher(message).matches()) {
      return "the message names no batch that fits";
    }
    return Double.isFinite(loss) ? "right" : "the next session's loss is no number";
  }
}
