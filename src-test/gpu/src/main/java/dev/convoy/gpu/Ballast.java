package dev.convoy.gpu;

import dev.convoy.worker.cuda.api.Driver;
import java.util.ArrayList;
import java.util.List;

/** Memory of a card that is taken so that little is left for others. */
final class Ballast {
  private static final long PIECE = 1L << 30;

  private final Driver driver;
  private final List<Long> pieces = new ArrayList<>();

  /**
   * Takes memory of the calling thread's context.
   *
   * @param bytes a multiple of 1 GiB is taken, and no more than that
   */
  Ballast(Driver driver, long bytes) {
    this.driver = driver;
    long[] address = new long[1];
    for (long left = bytes; left >= PIECE; left -= PIECE) {
      if (driver.cuMemAlloc_v2(address, PIECE) != Driver.SUCCESS) {
        return; // as much as there is
      }
      pieces.add(address[0]);
    }
  }

  /** Gives it back. */
  void release() {
    pieces.forEach(driver::cuMemFree_v2);
    pieces.clear();
  }
}
