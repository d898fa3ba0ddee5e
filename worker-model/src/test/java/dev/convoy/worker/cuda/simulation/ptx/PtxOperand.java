package dev.convoy.worker.cuda.simulation.ptx;

import java.util.List;

/** An operand as it is written. */
sealed interface PtxOperand {
  /** A register, label, variable or special register. */
  record Name(String name) implements PtxOperand {}

  /** A number's bits. */
  record Literal(long bits) implements PtxOperand {}

  /** [base + offset]; the base is null where an address is a number. */
  record Address(String base, long offset) implements PtxOperand {}

  /** {a, b}. */
  record Vector(List<PtxOperand> elements) implements PtxOperand {}

  /** p|q: two results. */
  record Pair(PtxOperand first, PtxOperand second) implements PtxOperand {}

  /** (a, b): what a call hands over. */
  record Arguments(List<PtxOperand> elements) implements PtxOperand {}
}
