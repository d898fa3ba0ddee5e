package dev.convoy.benchmark.ensemble;

import dev.convoy.benchmark.report.Target;
import java.util.List;
import java.util.Locale;

/**
 * The heap while very many images are predicted, of driver and executors together.
 *
 * @param scale what was predicted
 * @param imageBytes of one decoded image, a byte a value
 * @param heap in order, first before anything is predicted, with the listing of all images
 * @param peak of all looks, tasks at work or not
 * @param limitBytes that the heap could have had
 */
record Streaming(
    StreamingMeasurement.Scale scale, int imageBytes, List<Heap> heap, Peak peak, long limitBytes) {
  private static final double ASKED_SHARE = 0.1;

  /** Copies the list. */
  Streaming {
    heap = List.copyOf(heap);
  }

  /**
   * What was in use.
   *
   * @param images predicted by then
   * @param bytes of the heap behind a full collection
   */
  record Heap(int images, long bytes) {}

  /**
   * The most that was in use.
   *
   * @param bytes of the heap behind a full collection
   * @param looks at it
   */
  record Peak(long bytes, int looks) {}

  /** What all images would take if they were held. */
  long allImagesBytes() {
    return (long) scale.images() * imageBytes;
  }

  /** The most that predicting took of the heap, as a share of all images. */
  double share() {
    return (double) (peak.bytes() - heap.get(0).bytes()) / allImagesBytes();
  }

  /** Few images are to be in memory at once. */
  Target target() {
    return new Target(
        String.format(
            Locale.ROOT, "heap that predicting %,d images takes / their size", scale.images()),
        ASKED_SHARE,
        false,
        share());
  }
}
