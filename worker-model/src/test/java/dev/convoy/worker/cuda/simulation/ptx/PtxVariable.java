package dev.convoy.worker.cuda.simulation.ptx;

/**
 * A variable of a module in a device's memory.
 *
 * @param alignment in bytes, a power of two
 * @param initial its bytes at first
 */
public record PtxVariable(String name, int alignment, byte[] initial) {
  /** Finds a place for a module's variables. */
  public interface Placement {
    /** The address of a variable, whose first value is there from now on. */
    long place(PtxVariable variable);
  }
}
