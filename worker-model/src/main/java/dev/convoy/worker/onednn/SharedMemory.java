package dev.convoy.worker.onednn;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Native memory that several plans use in turn, each as if it were its own: as large as the largest
 * of them needs. A plan finds in it whatever the one before left there. To be used by one thread.
 */
final class SharedMemory implements AutoCloseable {
  private Place place;

  /**
   * The beginning of at least so many bytes. Where that is changes when more are asked for than
   * ever before: then what was given out earlier is freed.
   */
  FloatPointer ofBytes(long bytes) {
    if (place == null || place.bytes() < bytes) {
      close(); // before the larger one is taken, so that there are never both
      Place larger = Place.ofBytes(bytes);
      larger.allocate();
      place = larger;
    }
    return place.part(0, place.bytes());
  }

  @Override
  public void close() {
    if (place != null) {
      place.free();
      place = null;
    }
  }
}
