package dev.convoy.worker.cuda.simulation;

import dev.convoy.worker.cuda.simulation.ptx.PtxException;
import dev.convoy.worker.cuda.simulation.ptx.PtxKernel;
import dev.convoy.worker.cuda.simulation.ptx.PtxModule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The driver's calls about modules and their kernels. */
final class ModuleCalls {
  private static final int VERSIONS_BEHIND = 4;

  private final MachineState state;

  ModuleCalls(MachineState state) {
    this.state = state;
  }

  /** Text up to its 0, without which a driver would read on. */
  private static String text(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return new String(bytes, 0, i, StandardCharsets.US_ASCII);
      }
    }
    throw new IllegalArgumentException("A text of " + bytes.length + " bytes does not end with 0");
  }

  int load(long[] handle, byte[] image) {
    String text = text(image);
    SimulatedContext context = state.current();
    if (state.forbidden()) {
      return DriverStatus.CAPTURE_UNSUPPORTED;
    }
    List<Long> variables = new ArrayList<>();
    try {
      PtxModule module =
          PtxModule.parse(
              text,
              variable -> {
                long address = context.memory().place(variable);
                variables.add(address);
                return address;
              });
      int status = status(module, context.model());
      if (status == DriverStatus.SUCCESS) {
        handle[0] = state.handles().open(new SimulatedModule(context, module, variables));
      } else {
        variables.forEach(context.memory()::unplace);
      }
      return status;
    } catch (PtxException e) {
      variables.forEach(context.memory()::unplace);
      state.complaint(e.getMessage());
      return DriverStatus.INVALID_PTX;
    }
  }

  /** PTX 7.0 came with version 11.0 of the driver, 8.0 with 12.0, and so on. */
  private int status(PtxModule module, DeviceModel device) {
    String[] version = module.version().split("\\.", -1);
    int needed = 1000 * (Integer.parseInt(version[0]) + VERSIONS_BEHIND);
    if (needed + 10 * Integer.parseInt(version[1]) > state.driverVersion()) {
      return DriverStatus.UNSUPPORTED_PTX_VERSION;
    }
    int target = Integer.parseInt(module.target().replaceAll("\\D", ""));
    return target > 10 * device.major() + device.minor()
        ? DriverStatus.NO_BINARY_FOR_GPU
        : DriverStatus.SUCCESS;
  }

  int unload(long handle) {
    SimulatedModule module = state.handles().find(handle, SimulatedModule.class);
    if (module == null) {
      return DriverStatus.INVALID_HANDLE;
    }
    if (state.forbidden()) {
      return DriverStatus.CAPTURE_UNSUPPORTED;
    }
    module.context().drain();
    state.handles().close(handle, SimulatedModule.class);
    module.variables().forEach(module.context().memory()::unplace);
    return DriverStatus.SUCCESS;
  }

  int function(long[] handle, long moduleHandle, byte[] name) {
    SimulatedModule module = state.handles().find(moduleHandle, SimulatedModule.class);
    if (module == null) {
      return DriverStatus.INVALID_HANDLE;
    }
    PtxKernel kernel = module.ptx().kernels().get(text(name));
    if (kernel == null) {
      return DriverStatus.NOT_FOUND;
    }
    handle[0] =
        state
            .functions()
            .open(new SimulatedModule.Function(moduleHandle, module.context(), kernel));
    return DriverStatus.SUCCESS;
  }
}
