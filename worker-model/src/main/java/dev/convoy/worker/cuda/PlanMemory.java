package dev.convoy.worker.cuda;

/**
 * What a plan needs of its network's memory.
 *
 * @param arena which is there when somebody asks where it is
 */
record PlanMemory(DeviceArena arena, long bytes) {
  /** Where it begins, until another plan has needed more. */
  long address() {
    return arena.ofBytes(bytes);
  }
}
