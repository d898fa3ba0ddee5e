package dev.convoy.worker.natives;

/**
 * The native libraries cannot be unpacked or loaded on this machine. The message says what to do.
 */
public final class NativeLibrariesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NativeLibrariesException(String message, Throwable cause) {
    super(message, cause);
  }
}
