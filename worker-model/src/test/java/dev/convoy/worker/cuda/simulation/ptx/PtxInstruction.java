package dev.convoy.worker.cuda.simulation.ptx;

/**
 * An instruction ready to run.
 *
 * @param guard the row that decides which threads run it, or -1 for all
 */
record PtxInstruction(PtxOperation operation, int guard, boolean negated, int line, String text) {}
