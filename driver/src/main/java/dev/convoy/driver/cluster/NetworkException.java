package dev.convoy.driver.cluster;

/** A network could not be trained or asked: neither its images nor the cluster are to blame. */
public final class NetworkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NetworkException(String message, Throwable cause) {
    super(message, cause);
  }
}
