package dev.convoy.worker.cuda.simulation;

import dev.convoy.worker.cuda.simulation.ptx.PtxKernel;
import dev.convoy.worker.cuda.simulation.ptx.PtxModule;
import java.util.List;

/**
 * A module that was loaded.
 *
 * @param variables addresses of its variables, which are given back with it
 */
record SimulatedModule(SimulatedContext context, PtxModule ptx, List<Long> variables) {
  /** A kernel of a module. */
  record Function(long module, SimulatedContext context, PtxKernel kernel) {}
}
