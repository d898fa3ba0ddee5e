package dev.convoy.worker.cuda;

/** A network that does not fit into the memory of the device. */
public final class DeviceMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeviceMemoryException(String message) {
    super(message);
  }

  /** For a call that found no memory. */
  DeviceMemoryException(CudaException cause) {
    super(cause.getMessage() + " A smaller training.batch-size takes less memory.", cause);
  }
}
