package dev.convoy.worker.cuda.simulation;

/** Opens, finds and closes the handles of one of the libraries. */
final class LibraryHandles {
  private final MachineState state;
  private final String library;

  LibraryHandles(MachineState state, String library) {
    this.state = state;
    this.library = library;
  }

  /**
   * Begins on the calling thread's context; false where there is none or work of it is captured.
   */
  boolean open(long[] handle) {
    if (state.current() == null || !state.current().synchronize()) {
      return false;
    }
    handle[0] = state.handles().open(new LibraryHandle(library, state.current()));
    return true;
  }

  /** A handle that the calling thread can use now, or null. */
  LibraryHandle find(long number) {
    LibraryHandle handle = state.handles().find(number, LibraryHandle.class);
    return handle == null
            || !handle.library().equals(library)
            || handle.context() != state.current()
        ? null
        : handle;
  }

  /** Closes a handle, for which the whole context is waited for. */
  boolean close(long number) {
    LibraryHandle handle = find(number);
    if (handle == null) {
      return false;
    }
    boolean settled = handle.context().synchronize();
    return state.handles().close(number, LibraryHandle.class) != null && settled;
  }

  /** Sets a handle's stream; false where one of them is not known. */
  boolean stream(long number, long streamNumber) {
    LibraryHandle handle = find(number);
    SimulatedStream stream = state.handles().find(streamNumber, SimulatedStream.class);
    if (handle == null || stream == null || stream.context() != handle.context()) {
      return false;
    }
    handle.stream(stream);
    return true;
  }
}
