package dev.convoy.driver.cluster;

/**
 * The executors could not do their work, in all the attempts that Spark gave them, and neither the
 * images nor the network are to blame.
 */
public final class JobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JobException(String message, Throwable cause) {
    super(message, cause);
  }
}
