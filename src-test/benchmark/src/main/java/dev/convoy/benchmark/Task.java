package dev.convoy.benchmark;

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
    return "%s, batch %d, %s".formatted(workload, batch, mode);
  }
}
