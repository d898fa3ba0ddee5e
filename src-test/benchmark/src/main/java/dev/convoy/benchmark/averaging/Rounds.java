package dev.convoy.benchmark.averaging;

/** Rounds that train nothing, or next to nothing, on a cluster. */
interface Rounds extends AutoCloseable {
  /** Does one. */
  void next();

  /** Makes sure that they averaged. */
  void check();

  @Override
  void close();
}
