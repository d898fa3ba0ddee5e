package dev.convoy.worker.arena;

/**
 * Memory that one or more tensors lie in. Where it is, is decided when the plan of all steps is
 * complete: from the first step to the last step that touches it, it belongs to its tensors alone.
 *
 * @param <P> the piece of memory that it becomes a part of
 */
public final class Storage<P> {
  private final long bytes;
  private int firstStep = Integer.MAX_VALUE;
  private int lastStep = -1;
  private Storage<P> shared;
  private P place;
  private long offset;

  private Storage(long bytes) {
    this.bytes = Math.max(Float.BYTES, bytes);
  }

  /** Memory that the plan is to find a place for. */
  public static <P> Storage<P> ofPlan(long bytes) {
    return new Storage<>(bytes);
  }

  /** Memory that has its place already, and is never used for anything else. */
  public static <P> Storage<P> at(P place, long bytes) {
    Storage<P> storage = new Storage<>(bytes);
    storage.place = place;
    return storage;
  }

  /** The storage that this one has become a part of; itself, if it has not. */
  Storage<P> whole() {
    return shared == null ? this : shared.whole();
  }

  /** How large it is. */
  public long bytes() {
    return whole().bytes;
  }

  int firstStep() {
    return whole().firstStep;
  }

  int lastStep() {
    return whole().lastStep;
  }

  /** Whether any step reads or writes it. */
  public boolean isTouched() {
    return whole().lastStep >= 0;
  }

  /** Says that a step reads or writes it. */
  public void touch(int step) {
    Storage<P> whole = whole();
    whole.firstStep = Math.min(whole.firstStep, step);
    whole.lastStep = Math.max(whole.lastStep, step);
  }

  /**
   * Lies in the place of another, if that is large enough, belongs to the plan, and is touched for
   * the last time by the step that touches this one first.
   */
  public void overwriteIfUnused(Storage<P> other) {
    Storage<P> mine = whole();
    Storage<P> theirs = other.whole();
    if (mine != theirs
        && mine.place == null
        && theirs.place == null
        && mine.bytes <= theirs.bytes
        && theirs.lastStep == mine.firstStep) {
      mine.shared = theirs;
      theirs.lastStep = mine.lastStep;
    }
  }

  /** Whether both are parts of one. */
  public boolean isSameAs(Storage<P> other) {
    return whole() == other.whole();
  }

  /** Whether its place is still to be found. */
  boolean isUnplaced() {
    return whole().place == null;
  }

  /** Whether it is alive at a step at which another is. */
  boolean livesWith(Storage<P> other) {
    return firstStep() <= other.lastStep() && other.firstStep() <= lastStep();
  }

  /** Gives it its place: a part of a larger one, which begins so many bytes behind it. */
  void place(P at, long distance) {
    Storage<P> whole = whole();
    whole.place = at;
    whole.offset = distance;
  }

  /** The piece of memory that it is a part of, once the plan is complete. */
  public P place() {
    return whole().place;
  }

  /** How many bytes behind that piece's beginning it begins. */
  public long offset() {
    return whole().offset;
  }
}
