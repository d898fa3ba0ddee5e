package dev.convoy.worker.cuda.simulation;

/** What cuDNN or cuBLAS keep for a user: the context, the stream that work goes to. */
final class LibraryHandle {
  private final String library;
  private final SimulatedContext context;
  private SimulatedStream stream;
  private boolean workspace;

  LibraryHandle(String library, SimulatedContext context) {
    this.library = library;
    this.context = context;
  }

  String library() {
    return library;
  }

  SimulatedContext context() {
    return context;
  }

  /** The stream of its work; the default one is for nobody, as it waits for all others. */
  SimulatedStream stream() {
    if (stream == null) {
      throw new IllegalStateException(library + " is used before its stream is set");
    }
    return stream;
  }

  /** Sets the stream, which takes the workspace away. */
  void stream(SimulatedStream other) {
    stream = other;
    workspace = false;
  }

  /** Whether it has memory of its user's to work in. */
  boolean hasWorkspace() {
    return workspace;
  }

  void takeWorkspace() {
    workspace = true;
  }
}
