package dev.convoy.benchmark;

import java.util.Locale;

/**
 * What all peers do in turn.
 *
 * @param workload the network
 * @param batch images in a batch, at least 1
 * @param mode training or inference
 */
public record Task(Workload workload, int batch, Mode mode) {
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s, batch %d, %s", workload, batch, mode);
  }
}
