package dev.convoy.worker.cuda.simulation.ptx;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rows of a kernel that is being read. */
final class PtxRows {
  private final Map<Long, Integer> constants = new LinkedHashMap<>();
  private final Map<PtxSpecial, Integer> specials = new EnumMap<>(PtxSpecial.class);
  private final Map<String, Integer> held = new HashMap<>();
  private int count;

  int add() {
    return count++;
  }

  int count() {
    return count;
  }

  int constant(long value) {
    return constants.computeIfAbsent(value, v -> add());
  }

  int special(PtxSpecial special) {
    return specials.computeIfAbsent(special, s -> add());
  }

  /** The row of the value at an offset of what a call hands over. */
  int held(String name, long offset) {
    return held.computeIfAbsent(name + "+" + offset, key -> add());
  }

  Map<Long, Integer> constants() {
    return Map.copyOf(constants);
  }

  Map<PtxSpecial, Integer> specials() {
    return Map.copyOf(specials);
  }
}
