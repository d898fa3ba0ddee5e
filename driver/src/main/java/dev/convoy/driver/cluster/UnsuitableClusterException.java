package dev.convoy.driver.cluster;

import dev.convoy.driver.configuration.ConfigurationException;

/**
 * The executors do not fit the configuration: no run that is like this one can be trained on them.
 */
public final class UnsuitableClusterException extends ConfigurationException {
  private static final long serialVersionUID = 1L;

  /** With values in a format: see {@link dev.convoy.data.Text#of}. */
  UnsuitableClusterException(String format, Object... values) {
    super(format, values);
  }
}
