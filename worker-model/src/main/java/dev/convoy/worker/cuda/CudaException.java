package dev.convoy.worker.cuda;

import dev.convoy.data.Text;

/** A call of one of NVIDIA's libraries that failed. */
final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  CudaException(String call, int status, String device) {
    super(
        Text.of(
            "Cannot go on computing on %s: %s returned status %d%s. If it happens again, `convoy"
                + " doctor` tells which libraries and driver are in use; accelerator.gpu = off"
                + " computes on the CPU.",
            device, call, status, meaning(call, status)));
    this.status = status;
  }

  int status() {
    return status;
  }

  private static String meaning(String call, int status) {
    if (!call.startsWith("cu") || call.startsWith("cudnn") || call.startsWith("cublas")) {
      return "";
    }
    return switch (status) {
      case 2 -> " (out of memory)";
      case 35, 803 -> " (the driver is older than the libraries need)";
      case 100 -> " (no device)";
      case 209 -> " (no code for this card)";
      case 218, 222 -> " (the driver cannot compile the kernels)";
      case 700 -> " (an address outside of the device's memory)";
      case 702 -> " (a kernel took too long: the card also drives a screen)";
      case 719 -> " (a kernel failed)";
      default -> "";
    };
  }
}
