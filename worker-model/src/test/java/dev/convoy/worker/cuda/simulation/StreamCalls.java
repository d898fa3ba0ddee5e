package dev.convoy.worker.cuda.simulation;

import java.util.List;

/** The driver's calls about streams, captures and graphs. */
final class StreamCalls {
  private final MachineState state;

  StreamCalls(MachineState state) {
    this.state = state;
  }

  int create(long[] stream) {
    stream[0] = state.handles().open(state.current().addStream());
    return DriverStatus.SUCCESS;
  }

  /** What is queued is done nevertheless, when the device is waited for. */
  int destroy(long handle) {
    SimulatedStream stream = state.handles().close(handle, SimulatedStream.class);
    return stream == null ? DriverStatus.INVALID_HANDLE : DriverStatus.SUCCESS;
  }

  int synchronize(long handle) {
    SimulatedStream stream = state.stream(handle);
    if (stream == null) {
      return DriverStatus.INVALID_HANDLE;
    }
    if (stream.capture() != null) {
      stream.capture().invalidate();
      return DriverStatus.CAPTURE_UNSUPPORTED;
    }
    stream.drain();
    return DriverStatus.SUCCESS;
  }

  int submit(long handle, QueuedWork work) {
    SimulatedStream stream = state.stream(handle);
    return stream == null || stream.context() != state.current()
        ? DriverStatus.INVALID_HANDLE
        : stream.submit(work);
  }

  int record(long handle, long streamHandle) {
    SimulatedEvent event = state.handles().find(handle, SimulatedEvent.class);
    SimulatedStream stream = state.stream(streamHandle);
    if (event == null || stream == null) {
      return DriverStatus.INVALID_HANDLE;
    }
    event.record(stream);
    return DriverStatus.SUCCESS;
  }

  int synchronizeEvent(long handle) {
    SimulatedEvent event = state.handles().find(handle, SimulatedEvent.class);
    return event == null ? DriverStatus.INVALID_HANDLE : event.synchronize();
  }

  int beginCapture(long handle, int mode) {
    SimulatedStream stream = state.stream(handle);
    if (stream == null) {
      return DriverStatus.INVALID_HANDLE;
    }
    if (handle == 0) {
      return DriverStatus.CAPTURE_UNSUPPORTED;
    }
    if (stream.capture() != null) {
      return DriverStatus.ILLEGAL_STATE;
    }
    stream.capture(new Capture(mode));
    return DriverStatus.SUCCESS;
  }

  int endCapture(long handle, long[] graph) {
    SimulatedStream stream = state.stream(handle);
    if (stream == null) {
      return DriverStatus.INVALID_HANDLE;
    }
    Capture capture = stream.capture();
    if (capture == null) {
      return DriverStatus.ILLEGAL_STATE;
    }
    if (!capture.mayEnd()) {
      return DriverStatus.CAPTURE_WRONG_THREAD;
    }
    stream.capture(null);
    graph[0] = 0;
    if (capture.isInvalid()) {
      return DriverStatus.CAPTURE_INVALIDATED;
    }
    graph[0] =
        state.handles().open(new SimulatedGraph(stream.context(), List.copyOf(capture.kept())));
    return DriverStatus.SUCCESS;
  }

  int instantiate(long[] executable, long handle) {
    SimulatedGraph graph = state.handles().find(handle, SimulatedGraph.class);
    if (graph == null) {
      return DriverStatus.INVALID_VALUE;
    }
    if (state.forbidden()) {
      return DriverStatus.CAPTURE_UNSUPPORTED;
    }
    executable[0] =
        state.handles().open(new SimulatedGraph.Executable(graph.context(), graph.work()));
    return DriverStatus.SUCCESS;
  }

  int launch(long handle, long streamHandle) {
    SimulatedGraph.Executable graph = state.handles().find(handle, SimulatedGraph.Executable.class);
    SimulatedStream stream = state.stream(streamHandle);
    if (graph == null || stream == null || graph.context() != stream.context()) {
      return DriverStatus.INVALID_VALUE;
    }
    if (stream.capture() != null) {
      stream.capture().invalidate();
      return DriverStatus.CAPTURE_UNSUPPORTED;
    }
    return stream.submit(() -> graph.work().forEach(QueuedWork::run));
  }
}
