package dev.convoy.worker.cuda.simulation;

import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.simulation.ptx.MemoryRegion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntSupplier;

/** NVIDIA's driver as its documentation has it. */
final class SimulatedDriver implements Driver {
  private static final int MOST_THREADS = 1;
  private static final int BLOCKING = 1;
  private static final int BLOCKING_WITHOUT_TIME = 3;

  private final MachineState state;
  private final StreamCalls streams;
  private final ModuleCalls modules;
  private final KernelLaunches launches;

  SimulatedDriver(MachineState state) {
    this.state = state;
    streams = new StreamCalls(state);
    modules = new ModuleCalls(state);
    launches = new KernelLaunches(state);
  }

  /** Does what needs the driver to have begun. */
  private int begun(IntSupplier call) {
    return state.isBegun() ? call.getAsInt() : DriverStatus.NOT_INITIALIZED;
  }

  /** Does what needs a context of the calling thread. */
  private int inContext(IntSupplier call) {
    return begun(() -> state.current() == null ? DriverStatus.INVALID_CONTEXT : call.getAsInt());
  }

  /** Does what needs a context and what a graph could not repeat. */
  private int outsideCapture(IntSupplier call) {
    return inContext(() -> state.forbidden() ? DriverStatus.CAPTURE_UNSUPPORTED : call.getAsInt());
  }

  /** Does what needs one of the devices. */
  private int ofDevice(int device, IntSupplier call) {
    return begun(
        () ->
            device < 0 || device >= state.devices().size()
                ? DriverStatus.INVALID_DEVICE
                : call.getAsInt());
  }

  @Override
  public int cuInit(int flags) {
    if (flags != 0) {
      return DriverStatus.INVALID_VALUE;
    }
    if (state.devices().isEmpty()) {
      return DriverStatus.NO_DEVICE;
    }
    state.begin();
    return SUCCESS;
  }

  @Override
  public int cuDriverGetVersion(int[] version) {
    version[0] = state.driverVersion();
    return SUCCESS;
  }

  @Override
  public int cuDeviceGetCount(int[] count) {
    return begun(
        () -> {
          count[0] = state.devices().size();
          return SUCCESS;
        });
  }

  @Override
  public int cuDeviceGet(int[] device, int ordinal) {
    return ofDevice(
        ordinal,
        () -> {
          device[0] = ordinal;
          return SUCCESS;
        });
  }

  @Override
  public int cuDeviceGetAttribute(int[] value, int attribute, int device) {
    return ofDevice(
        device,
        () -> {
          DeviceModel model = state.devices().get(device);
          switch (attribute) {
            case MOST_THREADS -> value[0] = 1024;
            case MULTIPROCESSORS -> value[0] = model.multiprocessors();
            case CAPABILITY_MAJOR -> value[0] = model.major();
            case CAPABILITY_MINOR -> value[0] = model.minor();
            default -> {
              return DriverStatus.INVALID_VALUE;
            }
          }
          return SUCCESS;
        });
  }

  /** Writes a text and its 0, as far as there is room. */
  private static int text(byte[] to, int length, String text) {
    if (length < 1 || length > to.length) {
      return DriverStatus.INVALID_VALUE;
    }
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(Arrays.copyOf(bytes, length), 0, to, 0, length);
    to[length - 1] = 0;
    return SUCCESS;
  }

  @Override
  public int cuDeviceGetName(byte[] name, int length, int device) {
    return ofDevice(device, () -> text(name, length, state.devices().get(device).name()));
  }

  @Override
  public int cuDeviceGetPCIBusId(byte[] id, int length, int device) {
    return ofDevice(device, () -> text(id, length, state.devices().get(device).pciBusId()));
  }

  @Override
  public int cuDeviceTotalMem_v2(long[] bytes, int device) {
    return ofDevice(
        device,
        () -> {
          bytes[0] = state.devices().get(device).memoryBytes();
          return SUCCESS;
        });
  }

  @Override
  public int cuDevicePrimaryCtxSetFlags_v2(int device, int flags) {
    return ofDevice(
        device,
        () -> {
          state.contextFlags().put(device, flags);
          return SUCCESS;
        });
  }

  @Override
  public int cuDevicePrimaryCtxRetain(long[] context, int device) {
    return ofDevice(
        device,
        () -> {
          if (!state.primary().containsKey(device)) {
            state.waitsAsleep(state.contextFlags().getOrDefault(device, 0) == WAIT_ASLEEP);
            SimulatedContext begun =
                new SimulatedContext(state.devices().get(device), device, state.isWatched());
            state.primary().put(device, state.handles().open(begun));
          }
          context[0] = state.primary().get(device);
          state.handles().find(context[0], SimulatedContext.class).addUser();
          return SUCCESS;
        });
  }

  @Override
  public int cuDevicePrimaryCtxRelease_v2(int device) {
    return ofDevice(
        device,
        () -> {
          Long handle = state.primary().get(device);
          if (handle == null) {
            return DriverStatus.INVALID_CONTEXT;
          }
          SimulatedContext context = state.handles().find(handle, SimulatedContext.class);
          if (context.removeUser() == 0) {
            context.drain();
            if (context.memory().count() > 0) {
              state.lost().add(context.memory().count() + " regions of device memory at the end");
            }
            state.handles().close(handle, SimulatedContext.class);
            state.primary().remove(device);
          }
          return SUCCESS;
        });
  }

  @Override
  public int cuCtxSetCurrent(long context) {
    return begun(
        () -> {
          if (context != 0 && state.handles().find(context, SimulatedContext.class) == null) {
            return DriverStatus.INVALID_CONTEXT;
          }
          state.setCurrent(context);
          return SUCCESS;
        });
  }

  @Override
  public int cuMemGetInfo_v2(long[] free, long[] total) {
    return inContext(
        () -> {
          DeviceMemory memory = state.current().memory();
          total[0] = memory.capacity();
          free[0] = memory.capacity() - memory.used();
          return SUCCESS;
        });
  }

  @Override
  public int cuMemAlloc_v2(long[] address, long bytes) {
    return outsideCapture(
        () -> {
          if (bytes <= 0) {
            return DriverStatus.INVALID_VALUE;
          }
          long allocated = state.current().memory().allocate(bytes);
          if (allocated == 0) {
            return OUT_OF_MEMORY;
          }
          address[0] = allocated;
          return SUCCESS;
        });
  }

  @Override
  public int cuMemFree_v2(long address) {
    return outsideCapture(
        () -> {
          state.current().drain();
          return state.current().memory().free(address) ? SUCCESS : DriverStatus.INVALID_VALUE;
        });
  }

  @Override
  public int cuMemHostAlloc(long[] address, long bytes, int flags) {
    return outsideCapture(
        () -> {
          if (bytes <= 0) {
            return DriverStatus.INVALID_VALUE;
          }
          address[0] = state.hostMemory().allocate(bytes);
          return SUCCESS;
        });
  }

  @Override
  public int cuMemFreeHost(long address) {
    return outsideCapture(
        () -> {
          state.current().drain();
          return state.hostMemory().free(address) ? SUCCESS : DriverStatus.INVALID_VALUE;
        });
  }

  @Override
  public int cuMemcpyHtoDAsync_v2(long device, long host, long bytes, long stream) {
    return inContext(
        () -> {
          String name = "cuMemcpyHtoDAsync_v2";
          DeviceMemory memory = state.current().memory();
          memory.region(name, device, bytes);
          state.hostMemory().region(name, host, bytes);
          return streams.submit(
              stream,
              () -> {
                MemoryRegion to = memory.region(name, device, bytes);
                int offset = (int) (device - to.address());
                state.hostMemory().read(name, host, to.bytes(), offset, (int) bytes);
              });
        });
  }

  @Override
  public int cuMemcpyDtoHAsync_v2(long host, long device, long bytes, long stream) {
    return inContext(
        () -> {
          String name = "cuMemcpyDtoHAsync_v2";
          DeviceMemory memory = state.current().memory();
          memory.region(name, device, bytes);
          state.hostMemory().region(name, host, bytes);
          return streams.submit(
              stream,
              () -> {
                MemoryRegion from = memory.region(name, device, bytes);
                int offset = (int) (device - from.address());
                state.hostMemory().write(name, host, from.bytes(), offset, (int) bytes);
              });
        });
  }

  @Override
  public int cuMemsetD8Async(long address, byte value, long bytes, long stream) {
    return inContext(
        () -> {
          String name = "cuMemsetD8Async";
          DeviceMemory memory = state.current().memory();
          memory.region(name, address, bytes);
          return streams.submit(
              stream,
              () -> {
                MemoryRegion to = memory.region(name, address, bytes);
                int start = (int) (address - to.address());
                Arrays.fill(to.bytes(), start, start + (int) bytes, value);
              });
        });
  }

  @Override
  public int cuStreamCreate(long[] stream, int flags) {
    return inContext(
        () ->
            flags == NON_BLOCKING || flags == 0
                ? streams.create(stream)
                : DriverStatus.INVALID_VALUE);
  }

  @Override
  public int cuStreamDestroy_v2(long stream) {
    return inContext(() -> streams.destroy(stream));
  }

  @Override
  public int cuStreamSynchronize(long stream) {
    return inContext(() -> streams.synchronize(stream));
  }

  @Override
  public int cuEventCreate(long[] event, int flags) {
    return inContext(
        () -> {
          if (flags < 0 || flags > BLOCKING_WITHOUT_TIME) {
            return DriverStatus.INVALID_VALUE;
          }
          state.waitsAsleep((flags & BLOCKING) != 0);
          event[0] = state.handles().open(new SimulatedEvent());
          return SUCCESS;
        });
  }

  @Override
  public int cuEventRecord(long event, long stream) {
    return inContext(() -> streams.record(event, stream));
  }

  @Override
  public int cuEventSynchronize(long event) {
    return inContext(() -> streams.synchronizeEvent(event));
  }

  @Override
  public int cuEventDestroy_v2(long event) {
    return inContext(
        () ->
            state.handles().close(event, SimulatedEvent.class) == null
                ? DriverStatus.INVALID_HANDLE
                : SUCCESS);
  }

  @Override
  public int cuModuleLoadData(long[] module, byte[] image) {
    return inContext(() -> modules.load(module, image));
  }

  @Override
  public int cuModuleUnload(long module) {
    return inContext(() -> modules.unload(module));
  }

  @Override
  public int cuModuleGetFunction(long[] function, long module, byte[] name) {
    return inContext(() -> modules.function(function, module, name));
  }

  @Override
  public int cuLaunchKernel(
      long function,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      long stream,
      long parameters,
      long[] extra) {
    int[] grid = {gridX, gridY, gridZ};
    int[] block = {blockX, blockY, blockZ};
    return inContext(
        () ->
            parameters == 0
                ? launches.launch(function, grid, block, sharedBytes, stream, extra)
                : DriverStatus.INVALID_VALUE);
  }

  @Override
  public int cuStreamBeginCapture_v2(long stream, int mode) {
    return inContext(() -> streams.beginCapture(stream, mode));
  }

  @Override
  public int cuStreamEndCapture(long stream, long[] graph) {
    return inContext(() -> streams.endCapture(stream, graph));
  }

  @Override
  public int cuGraphInstantiateWithFlags(long[] executable, long graph, long flags) {
    return inContext(
        () -> flags == 0 ? streams.instantiate(executable, graph) : DriverStatus.INVALID_VALUE);
  }

  @Override
  public int cuGraphLaunch(long executable, long stream) {
    return inContext(() -> streams.launch(executable, stream));
  }

  @Override
  public int cuGraphExecDestroy(long executable) {
    return begun(
        () ->
            state.handles().close(executable, SimulatedGraph.Executable.class) == null
                ? DriverStatus.INVALID_VALUE
                : SUCCESS);
  }

  @Override
  public int cuGraphDestroy(long graph) {
    return begun(
        () ->
            state.handles().close(graph, SimulatedGraph.class) == null
                ? DriverStatus.INVALID_VALUE
                : SUCCESS);
  }
}
