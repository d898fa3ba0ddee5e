package dev.convoy.worker.cuda;

import dev.convoy.data.Text;
import dev.convoy.worker.cuda.api.Driver;
import java.util.Set;

/** A call of one of NVIDIA's libraries that failed. */
final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String DNN = "cudnn";
  private static final String BLAS = "cublas";

  /** Faults of kernels and of the card, after which a context is of no use. */
  private static final Set<Integer> FINAL =
      Set.of(214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719);

  private final String call;
  private final int status;

  CudaException(String call, int status, String device) {
    super(
        Text.of(
            "Cannot go on computing on %s: %s. If it happens again, `convoy doctor` tells which"
                + " libraries and driver are in use; accelerator.gpu = off computes on the CPU.",
            device, outcome(call, status)));
    this.call = call;
    this.status = status;
  }

  /** Which call returned which status, for a person. */
  String outcome() {
    return outcome(call, status);
  }

  private static String outcome(String call, int status) {
    return Text.of("%s returned status %d%s", call, status, meaning(call, status));
  }

  /** Whether cuDNN has nothing for what it was asked for. */
  boolean isUnsupported() {
    return call.startsWith(DNN) && (status == 9 || status / 1000 == 3); // cuDNN 8; 9
  }

  /** Whether memory of the device was missing. */
  boolean isOutOfMemory() {
    if (call.startsWith(DNN)) {
      return status == 2 || status == 4004; // cuDNN 8; 9
    }
    return status == (call.startsWith(BLAS) ? 3 : Driver.OUT_OF_MEMORY);
  }

  /** Whether the process can do nothing more on the device, and any further call fails alike. */
  boolean isFinal() {
    return isOfDriver() && FINAL.contains(status);
  }

  /**
   * Whether a library failed for a reason that only the driver tells: a kernel's fault may surface
   * in whatever call comes first.
   */
  boolean isOfUnknownReason() {
    return !isOfDriver() && !isUnsupported() && !isOutOfMemory();
  }

  private boolean isOfDriver() {
    return !call.startsWith(DNN) && !call.startsWith(BLAS);
  }

  private static String meaning(String call, int status) {
    if (call.startsWith(DNN) || call.startsWith(BLAS)) {
      return "";
    }
    return switch (status) {
      case 2 -> " (out of memory)";
      case 35, 803 -> " (the driver is older than the libraries need)";
      case 46 -> " (the card is in use by another process alone, or in another mode)";
      case 100, 101 -> " (no such device)";
      case 209 -> " (no code for this card)";
      case 214 -> " (an error of the card's memory that cannot be corrected)";
      case 218, 222 -> " (the driver cannot compile the kernels)";
      case 220 -> " (an error of the card's NVLink that cannot be corrected)";
      case 221 -> " (the driver's compiler libnvidia-ptxjitcompiler.so.1 is missing)";
      case 226 -> " (an error of the card that was contained)";
      case 700 -> " (an address outside of the device's memory)";
      case 702 -> " (a kernel took too long: the card also drives a screen)";
      case 719 -> " (a kernel failed)";
      case 802 -> " (the system is not ready: is nvidia-fabricmanager running?)";
      case 999 -> " (unknown to the driver: look at nvidia-smi and the system's log)";
      default -> "";
    };
  }
}
