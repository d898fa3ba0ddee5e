package dev.convoy.worker.onednn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where in one piece of memory storages lie, those that are alive at the same step apart from each
 * other. The largest are placed first, each in the smallest gap that it fits into: greedy by size
 * (Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020).
 */
final class Arrangement {
  private final List<Part> parts = new ArrayList<>();
  private long bytes;

  /** A storage and where it lies, in bytes. */
  private record Part(Storage storage, long begin, long end) {}

  private Arrangement() {}

  /**
   * Gives every storage that has none its place.
   *
   * @return the memory, not allocated yet
   */
  static Place place(Collection<Storage> storages) {
    Arrangement arrangement = new Arrangement();
    Set<Storage> unplaced = new LinkedHashSet<>();
    storages.stream().map(Storage::whole).filter(Storage::isUnplaced).forEach(unplaced::add);
    unplaced.stream()
        .sorted(
            Comparator.comparingLong(Storage::bytes)
                .reversed()
                .thenComparingInt(Storage::firstStep))
        .forEach(arrangement::add);
    Place place = Place.ofBytes(arrangement.bytes);
    arrangement.parts.forEach(part -> part.storage().place(place, part.begin()));
    return place;
  }

  private void add(Storage storage) {
    long length = -Math.floorDiv(-storage.bytes(), Place.CACHE_LINE) * Place.CACHE_LINE;
    long begin = -1;
    long smallest = Long.MAX_VALUE;
    long end = 0; // of what lives with it and lies before the part looked at
    for (Part part : parts) {
      if (part.storage().livesWith(storage)) {
        long gap = part.begin() - end;
        if (gap >= length && gap < smallest) {
          begin = end;
          smallest = gap;
        }
        end = Math.max(end, part.end());
      }
    }
    insert(new Part(storage, begin < 0 ? end : begin, (begin < 0 ? end : begin) + length));
  }

  /** Keeps the parts in the order of their beginnings. */
  private void insert(Part part) {
    int index = parts.size();
    while (index > 0 && parts.get(index - 1).begin() > part.begin()) {
      index--;
    }
    parts.add(index, part);
    bytes = Math.max(bytes, part.end());
  }
}
