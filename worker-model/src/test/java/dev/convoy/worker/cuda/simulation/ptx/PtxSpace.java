package dev.convoy.worker.cuda.simulation.ptx;

/** A kind of memory, and where generic addresses have it. */
enum PtxSpace {
  GENERIC(0),
  GLOBAL(0),
  SHARED(1L << 56),
  LOCAL(1L << 57);

  private final long window;

  PtxSpace(long window) {
    this.window = window;
  }

  /** The generic address of this space's address 0. */
  long window() {
    return window;
  }

  /** The space that an instruction names; constant memory is a part of the global one. */
  static PtxSpace of(PtxStatement statement) {
    if (statement.has("global") || statement.has("const")) {
      return GLOBAL;
    }
    if (statement.has("shared") || statement.has("shared::cta")) {
      return SHARED;
    }
    return statement.has("local") ? LOCAL : GENERIC;
  }
}
