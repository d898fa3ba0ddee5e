package dev.convoy.worker.onednn;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Native memory that one or more tensors lie in. Where it is, is decided when the plan is complete:
 * from the first step to the last step that touches it, it belongs to its tensors alone.
 */
final class Storage {
  private final long bytes;
  private int firstStep = Integer.MAX_VALUE;
  private int lastStep = -1;
  private Storage shared;
  private Place place;
  private long offset;

  private Storage(long bytes) {
    this.bytes = Math.max(Float.BYTES, bytes);
  }

  /** Memory that the plan is to find a place for. */
  static Storage ofPlan(long bytes) {
    return new Storage(bytes);
  }

  /** Memory that has its place already, and is never used for anything else. */
  static Storage at(Place place) {
    Storage storage = new Storage(place.bytes());
    storage.place = place;
    return storage;
  }

  /** The storage that this one has become a part of; itself, if it has not. */
  Storage whole() {
    return shared == null ? this : shared.whole();
  }

  long bytes() {
    return whole().bytes;
  }

  int firstStep() {
    return whole().firstStep;
  }

  int lastStep() {
    return whole().lastStep;
  }

  boolean isTouched() {
    return whole().lastStep >= 0;
  }

  /** Says that a step reads or writes it. */
  void touch(int step) {
    Storage whole = whole();
    whole.firstStep = Math.min(whole.firstStep, step);
    whole.lastStep = Math.max(whole.lastStep, step);
  }

  /**
   * Lies in the place of another, if that is large enough, belongs to the plan, and is touched for
   * the last time by the step that touches this one first.
   */
  void overwriteIfUnused(Storage other) {
    Storage mine = whole();
    Storage theirs = other.whole();
    if (mine != theirs
        && mine.place == null
        && theirs.place == null
        && mine.bytes <= theirs.bytes
        && theirs.lastStep == mine.firstStep) {
      mine.shared = theirs;
      theirs.lastStep = mine.lastStep;
    }
  }

  boolean isSameAs(Storage other) {
    return whole() == other.whole();
  }

  /** Whether its place is still to be found. */
  boolean isUnplaced() {
    return whole().place == null;
  }

  /** Whether it is alive at a step at which another is. */
  boolean livesWith(Storage other) {
    return firstStep() <= other.lastStep() && other.firstStep() <= lastStep();
  }

  /** Gives it its place: a part of a larger one, which begins so many bytes behind it. */
  void place(Place at, long offset) {
    Storage whole = whole();
    whole.place = at;
    whole.offset = offset;
  }

  /** Where it is, once the plan is complete and its memory allocated. */
  FloatPointer values() {
    Storage whole = whole();
    return whole.place.part(whole.offset, whole.bytes);
  }
}
