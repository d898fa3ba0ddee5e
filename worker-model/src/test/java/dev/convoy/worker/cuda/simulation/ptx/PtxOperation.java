package dev.convoy.worker.cuda.simulation.ptx;

/** What an instruction does, for several threads of a block one after the other. */
interface PtxOperation {
  /** Runs for the first so many of the threads. */
  void run(PtxBlock block, int[] threads, int count);
}
