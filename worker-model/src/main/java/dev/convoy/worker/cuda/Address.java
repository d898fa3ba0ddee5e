package dev.convoy.worker.cuda;

/** Where something lies in the device's memory; known once the plan that uses it has its memory. */
@FunctionalInterface
interface Address {
  /** Nowhere. */
  Address NONE = () -> 0;

  /** The address. */
  long get();
}
