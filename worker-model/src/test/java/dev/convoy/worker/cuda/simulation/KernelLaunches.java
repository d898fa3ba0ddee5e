package dev.convoy.worker.cuda.simulation;

import com.sun.jna.Pointer;
import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.simulation.ptx.PtxKernel;
import dev.convoy.worker.cuda.simulation.ptx.PtxLaunch;
import java.util.Arrays;

/** Launches of kernels: limits, and arguments that come packed. */
final class KernelLaunches {
  private static final int MOST_SHARED_BYTES = 48 << 10;
  private static final int MOST_BLOCKS_Y_Z = 65_535;

  private final MachineState state;

  KernelLaunches(MachineState state) {
    this.state = state;
  }

  int launch(
      long handle, int[] grid, int[] block, int sharedBytes, long streamHandle, long[] extra) {
    SimulatedModule.Function function =
        state.functions().find(handle, SimulatedModule.Function.class);
    SimulatedStream stream = state.stream(streamHandle);
    if (function == null
        || stream == null
        || function.context() != stream.context()
        || state.handles().find(function.module(), SimulatedModule.class) == null) {
      return DriverStatus.INVALID_HANDLE;
    }
    PtxKernel kernel = function.kernel();
    byte[] arguments = arguments(extra);
    if (!allowed(kernel, grid, block, sharedBytes)
        || arguments == null
        || arguments.length != kernel.parameterBytes()) {
      return DriverStatus.INVALID_VALUE;
    }
    PtxLaunch launch =
        new PtxLaunch(
            grid[0],
            grid[1],
            grid[2],
            block[0],
            block[1],
            block[2],
            sharedBytes,
            arguments,
            state.stepsPerLaunch());
    return stream.submit(() -> run(function, launch));
  }

  private void run(SimulatedModule.Function function, PtxLaunch launch) {
    if (state.handles().find(function.module(), SimulatedModule.class) == null) {
      throw new IllegalStateException(
          "Kernel " + function.kernel().name() + " runs after its module was unloaded");
    }
    state.launches().merge(function.kernel().name(), 1, Integer::sum);
    function.kernel().run(launch, function.context().memory());
  }

  private static boolean allowed(PtxKernel kernel, int[] grid, int[] block, int sharedBytes) {
    for (int i = 0; i < 3; i++) {
      if (grid[i] < 1 || block[i] < 1) {
        return false;
      }
    }
    return grid[1] <= MOST_BLOCKS_Y_Z
        && grid[2] <= MOST_BLOCKS_Y_Z
        && block[0] <= 1024
        && block[1] <= 1024
        && block[2] <= 64
        && (long) block[0] * block[1] * block[2] <= kernel.maximumThreads()
        && sharedBytes >= 0
        && kernel.sharedBytes(sharedBytes) <= MOST_SHARED_BYTES;
  }

  /** The packed arguments, or null where they are not handed over as they should be. */
  private static byte[] arguments(long[] extra) {
    if (extra == null) {
      return new byte[0];
    }
    long[] wanted = {Driver.ARGUMENTS_ADDRESS, 0, Driver.ARGUMENTS_SIZE, 0, Driver.ARGUMENTS_END};
    long[] given = Arrays.copyOf(extra, 5);
    if (extra.length < 5 || given[1] == 0 || given[3] == 0) {
      return null;
    }
    wanted[1] = given[1];
    wanted[3] = given[3];
    if (!Arrays.equals(wanted, given)) {
      return null;
    }
    int size = Math.toIntExact(new Pointer(given[3]).getLong(0));
    return new Pointer(given[1]).getByteArray(0, size);
  }
}
