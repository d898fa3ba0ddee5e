package dev.convoy.worker.cuda.simulation;

/** Statuses of cuDNN, whose numbers changed with version 9. */
enum DnnStatus {
  SUCCESS(0, 0),
  NOT_INITIALIZED(1, 1001),
  BAD_PARAMETER(3, 2000),
  NOT_SUPPORTED(9, 3000);

  private static final long VERSION_9 = 90_000;

  private final int before;
  private final int since;

  DnnStatus(int before, int since) {
    this.before = before;
    this.since = since;
  }

  /** Its number in a version of the library. */
  int number(long version) {
    return version < VERSION_9 ? before : since;
  }
}
