package dev.convoy.worker.cuda.simulation.ptx;

/** What a name stands for. */
sealed interface PtxSymbol {
  /** A register: a row, of this type. */
  record Register(int row, PtxType type) implements PtxSymbol {}

  /** A variable at an address of a space that is known when the module is read. */
  record Variable(PtxSpace space, long address) implements PtxSymbol {}

  /** Shared memory whose size the launch gives. */
  record DynamicShared() implements PtxSymbol {}

  /** An argument of the kernel. */
  record Argument(int offset) implements PtxSymbol {}

  /** What a call hands over or gets back, kept in registers; of this unique name. */
  record Held(String name) implements PtxSymbol {}
}
