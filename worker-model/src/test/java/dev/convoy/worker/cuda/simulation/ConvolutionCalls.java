package dev.convoy.worker.cuda.simulation;

import dev.convoy.worker.cuda.simulation.ptx.MemoryRegion;
import java.util.Arrays;
import java.util.List;

/** Convolutions as cuDNN's calls have them: descriptors, algorithms, workspaces and alignment. */
final class ConvolutionCalls {
  private static final int ALIGNMENT = 16;
  private static final int LAST_ALGORITHM = 1;
  private static final int FIRST_WITH_UPPER_HALVES = 8;
  private static final byte LEFT_IN_WORKSPACE = (byte) 0xA5;

  /** What is computed, and by which algorithms it is the same in every run. */
  enum Kind {
    FORWARD("cudnnConvolutionForward", 128, 0),
    BACKWARD_DATA("cudnnConvolutionBackwardData", 256, 1),
    BACKWARD_FILTER("cudnnConvolutionBackwardFilter", 384, 1);

    private final String call;
    private final long workspace;
    private final int firstAlgorithm;

    Kind(String call, long workspace, int firstAlgorithm) {
      this.call = call;
      this.workspace = workspace;
      this.firstAlgorithm = firstAlgorithm;
    }

    boolean has(int algorithm) {
      return algorithm >= firstAlgorithm && algorithm <= LAST_ALGORITHM;
    }

    /** Some number that differs from one to the other, as users are to ask for it. */
    long workspace(SimulatedConvolution convolution, int algorithm) {
      return workspace + 64L * algorithm + 4L * convolution.w().elements();
    }
  }

  /** Addresses of what a call reads and writes. */
  record Places(long x, long w, long y, long workspace, long workspaceBytes) {
    boolean aligned() {
      return Arrays.stream(new long[] {x, w, y}).allMatch(place -> place != 0)
          && Arrays.stream(new long[] {x, w, y, workspace})
              .allMatch(place -> place % ALIGNMENT == 0);
    }
  }

  private final MachineState state;
  private final LibraryHandles handles;

  ConvolutionCalls(MachineState state, LibraryHandles handles) {
    this.state = state;
    this.handles = handles;
  }

  private int number(DnnStatus status) {
    return status.number(state.dnnVersion());
  }

  /** The convolution that four descriptors are of, or null where one of them is of nothing. */
  private SimulatedConvolution convolution(long x, long w, long geometry, long y) {
    DnnDescriptor.Tensor images = state.handles().find(x, DnnDescriptor.Tensor.class);
    DnnDescriptor.Filter filters = state.handles().find(w, DnnDescriptor.Filter.class);
    DnnDescriptor.Geometry shape = state.handles().find(geometry, DnnDescriptor.Geometry.class);
    DnnDescriptor.Tensor results = state.handles().find(y, DnnDescriptor.Tensor.class);
    boolean described =
        images != null
            && filters != null
            && shape != null
            && results != null
            && images.shape() != null
            && filters.shape() != null
            && shape.shape() != null
            && results.shape() != null;
    return described
        ? new SimulatedConvolution(images.shape(), filters.shape(), shape.shape(), results.shape())
        : null;
  }

  private DnnStatus status(
      Kind kind, long handle, SimulatedConvolution convolution, int algorithm) {
    if (handles.find(handle) == null) {
      return DnnStatus.NOT_INITIALIZED;
    }
    if (convolution == null || !convolution.fits()) {
      return DnnStatus.BAD_PARAMETER;
    }
    boolean missing =
        convolution.x().format() == FloatFormat.UPPER_HALF
            && state.current().model().major() < FIRST_WITH_UPPER_HALVES;
    return missing || !kind.has(algorithm) ? DnnStatus.NOT_SUPPORTED : DnnStatus.SUCCESS;
  }

  int workspace(
      Kind kind, long handle, long x, long w, long geometry, long y, int algorithm, long[] bytes) {
    SimulatedConvolution convolution = convolution(x, w, geometry, y);
    DnnStatus status = status(kind, handle, convolution, algorithm);
    if (status == DnnStatus.SUCCESS) {
      bytes[0] = kind.workspace(convolution, algorithm) + state.moreWorkspace(algorithm);
    }
    return number(status);
  }

  /** Queues a convolution; descriptors are in the order x, w, geometry, y. */
  int run(
      Kind kind,
      long handle,
      long[] descriptors,
      Places places,
      int algorithm,
      float alpha,
      float beta) {
    SimulatedConvolution convolution =
        convolution(descriptors[0], descriptors[1], descriptors[2], descriptors[3]);
    DnnStatus status = status(kind, handle, convolution, algorithm);
    if (status != DnnStatus.SUCCESS) {
      return number(status);
    }
    long needed = kind.workspace(convolution, algorithm) + state.moreWorkspace(algorithm);
    boolean enough = needed <= places.workspaceBytes() && places.workspace() != 0;
    if (!enough || !places.aligned()) {
      return number(DnnStatus.BAD_PARAMETER);
    }
    LibraryHandle user = handles.find(handle);
    DeviceMemory memory = user.context().memory();
    DeviceOperand x = operand(memory, kind, "x", places.x(), convolution.x());
    DeviceOperand w = operand(memory, kind, "w", places.w(), convolution.w());
    DeviceOperand y = operand(memory, kind, "y", places.y(), convolution.y());
    int submitted =
        user.stream()
            .submit(
                () -> {
                  compute(kind, convolution, x, w, y, alpha, beta);
                  spoil(memory, kind, places.workspace(), needed);
                });
    return submitted == DriverStatus.SUCCESS ? submitted : number(DnnStatus.NOT_SUPPORTED);
  }

  private static DeviceOperand operand(
      DeviceMemory memory, Kind kind, String name, long address, TensorShape shape) {
    DeviceOperand operand =
        new DeviceOperand(
            memory, kind.call + ", " + name, address, shape.format(), shape.elements());
    operand.check();
    return operand;
  }

  private static void compute(
      Kind kind,
      SimulatedConvolution convolution,
      DeviceOperand x,
      DeviceOperand w,
      DeviceOperand y,
      float alpha,
      float beta) {
    List<DeviceOperand> apart =
        switch (kind) {
          case FORWARD -> List.of(y, x, w);
          case BACKWARD_DATA -> List.of(x, w, y);
          case BACKWARD_FILTER -> List.of(w, x, y);
        };
    apart.get(0).requireApartFrom(apart.get(1));
    apart.get(0).requireApartFrom(apart.get(2));
    double[] result =
        switch (kind) {
          case FORWARD -> convolution.forward(x.read(), w.read());
          case BACKWARD_DATA -> convolution.imageGradient(w.read(), y.read());
          case BACKWARD_FILTER -> convolution.filterGradient(x.read(), y.read());
        };
    apart.get(0).blend(alpha, result, beta);
  }

  /** Leaves something in the workspace, as the library does. */
  private static void spoil(DeviceMemory memory, Kind kind, long address, long bytes) {
    if (bytes > 0) {
      MemoryRegion region = memory.region(kind.call + ", workspace", address, bytes);
      int start = (int) (address - region.address());
      Arrays.fill(region.bytes(), start, start + (int) bytes, LEFT_IN_WORKSPACE);
    }
  }
}
