package dev.convoy.worker.cuda.simulation.ptx;

import java.util.ArrayList;
import java.util.List;

/**
 * An instruction as it is written: its name and modifiers, and its operands.
 *
 * @param line in the text, from 1
 * @param guard the register that decides whether it runs, or null
 * @param negated whether it runs where the guard is false
 * @param words name and modifiers, without their points
 */
record PtxStatement(
    int line, String guard, boolean negated, List<String> words, List<PtxOperand> operands) {
  String name() {
    return words.get(0);
  }

  boolean has(String modifier) {
    return words.indexOf(modifier) > 0;
  }

  /** The modifiers that are types, in their order. */
  List<PtxType> types() {
    List<PtxType> types = new ArrayList<>();
    for (String word : words.subList(1, words.size())) {
      if (PtxType.named(word) != null) {
        types.add(PtxType.named(word));
      }
    }
    return types;
  }

  /** The type of the operands. */
  PtxType type() {
    List<PtxType> types = types();
    if (types.isEmpty()) {
      throw unknown();
    }
    return types.get(types.size() - 1);
  }

  PtxOperand operand(int index) {
    if (index >= operands.size()) {
      throw new PtxException(line, "has too few operands: " + this);
    }
    return operands.get(index);
  }

  /** What is thrown for an instruction that is not known. */
  PtxException unknown() {
    return new PtxException(line, "has an instruction that is not known: " + this);
  }

  /** Refuses modifiers that are not known, so that none is passed over. */
  void requireModifiers(String... known) {
    for (String word : words.subList(1, words.size())) {
      if (PtxType.named(word) == null && !List.of(known).contains(word)) {
        throw unknown();
      }
    }
  }

  @Override
  public String toString() {
    return String.join(".", words);
  }
}
