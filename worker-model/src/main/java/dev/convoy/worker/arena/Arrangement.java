package dev.convoy.worker.arena;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Where in one piece of memory storages lie, those that are alive at the same step apart from each
 * other. The largest are placed first, each in the smallest gap that it fits into: greedy by size
 * (Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020).
 *
 * @param <P> a piece of memory
 */
public final class Arrangement<P> {
  private final int alignment;
  private final List<Part<P>> parts = new ArrayList<>();
  private long bytes;

  /** A storage and where it lies, in bytes. */
  private record Part<P>(Storage<P> storage, long begin, long end) {}

  private Arrangement(int alignment) {
    this.alignment = alignment;
  }

  /**
   * Gives every storage that has none its place.
   *
   * @param alignment of where storages begin, in bytes
   * @param piece makes the piece of memory of so many bytes that they all lie in
   * @return that piece
   */
  public static <P> P place(Collection<Storage<P>> storages, int alignment, LongFunction<P> piece) {
    Arrangement<P> arrangement = new Arrangement<>(alignment);
    Set<Storage<P>> unplaced = new LinkedHashSet<>();
    storages.stream().map(Storage::whole).filter(Storage::isUnplaced).forEach(unplaced::add);
    unplaced.stream()
        .sorted(
            Comparator.<Storage<P>>comparingLong(Storage::bytes)
                .reversed()
                .thenComparingInt(Storage::firstStep))
        .forEach(arrangement::add);
    P place = piece.apply(arrangement.bytes);
    arrangement.parts.forEach(part -> part.storage().place(place, part.begin()));
    return place;
  }

  private void add(Storage<P> storage) {
    long length = -Math.floorDiv(-storage.bytes(), alignment) * alignment;
    long begin = -1;
    long smallest = Long.MAX_VALUE;
    long end = 0; // of what lives with it and lies before the part looked at
    for (Part<P> part : parts) {
      if (part.storage().livesWith(storage)) {
        long gap = part.begin() - end;
        if (gap >= length && gap < smallest) {
          begin = end;
          smallest = gap;
        }
        end = Math.max(end, part.end());
      }
    }
    insert(new Part<>(storage, begin < 0 ? end : begin, (begin < 0 ? end : begin) + length));
  }

  /** Keeps the parts in the order of their beginnings. */
  private void insert(Part<P> part) {
    int index = parts.size();
    while (index > 0 && parts.get(index - 1).begin() > part.begin()) {
      index--;
    }
    parts.add(index, part);
    bytes = Math.max(bytes, part.end());
  }
}
