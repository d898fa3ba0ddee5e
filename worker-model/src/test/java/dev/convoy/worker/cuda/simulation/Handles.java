package dev.convoy.worker.cuda.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was opened and not closed yet, under numbers that are never used twice. */
final class Handles {
  private static final long STEP = 0x10;

  private final Map<Long, Object> open = new TreeMap<>();
  private long next;

  /** Numbers from this one on. */
  Handles(long first) {
    next = first;
  }

  long open(Object object) {
    long handle = next;
    next += STEP;
    open.put(handle, object);
    return handle;
  }

  /** What a handle is of, or null where it is not open or of another kind. */
  <T> T find(long handle, Class<T> kind) {
    Object object = open.get(handle);
    return kind.isInstance(object) ? kind.cast(object) : null;
  }

  /** Closes a handle of a kind and returns what it was of, or null. */
  <T> T close(long handle, Class<T> kind) {
    T object = find(handle, kind);
    if (object != null) {
      open.remove(handle);
    }
    return object;
  }

  /** All that is open of a kind. */
  <T> List<T> all(Class<T> kind) {
    List<T> all = new ArrayList<>();
    for (Object object : open.values()) {
      if (kind.isInstance(object)) {
        all.add(kind.cast(object));
      }
    }
    return all;
  }

  /** A line for each that is open. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    open.forEach((handle, object) -> lines.add(object.getClass().getSimpleName()));
    return lines;
  }
}
