package dev.convoy.worker.model;

/** A layer of a network that was written out cannot be made. */
public final class LayerException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String reason;

  /**
   * Names the layer.
   *
   * @param path where it is in the list of layers: {@code [6]}; empty for the list
   * @param reason which it is and why: {@code layer 7, conv: 3 × 3 kernel on 2 × 2 image}
   */
  public LayerException(String path, String reason) {
    super("Cannot make model layers: " + reason + ".");
    this.path = path;
    this.reason = reason;
  }

  /** Where the layer is in the list of layers; empty for the list. */
  public String path() {
    return path;
  }

  /** Which layer it is and why it cannot be made. */
  public String reason() {
    return reason;
  }
}
