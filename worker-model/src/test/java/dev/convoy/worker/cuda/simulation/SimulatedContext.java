package dev.convoy.worker.cuda.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The context that all users of a device share: its memory and its streams. */
final class SimulatedContext {
  private final DeviceModel model;
  private final int device;
  private final DeviceMemory memory;
  private final SimulatedStream defaultStream = new SimulatedStream(this);
  private final List<SimulatedStream> streams = new ArrayList<>(List.of(defaultStream));
  private int users;

  SimulatedContext(DeviceModel model, int device, boolean watched) {
    this.model = model;
    this.device = device;
    memory = new DeviceMemory(device, model.memoryBytes(), watched);
  }

  DeviceModel model() {
    return model;
  }

  int device() {
    return device;
  }

  DeviceMemory memory() {
    return memory;
  }

  SimulatedStream defaultStream() {
    return defaultStream;
  }

  SimulatedStream addStream() {
    SimulatedStream stream = new SimulatedStream(this);
    streams.add(stream);
    return stream;
  }

  /** Runs all that is queued on the device, as what gives memory back waits for it. */
  void drain() {
    streams.forEach(SimulatedStream::drain);
  }

  /**
   * Waits for the whole context, which is not possible while work of it is captured: captures in
   * whatever mode, of whatever thread, are invalid from then on.
   */
  boolean synchronize() {
    List<Capture> captures =
        streams.stream().map(SimulatedStream::capture).filter(Objects::nonNull).toList();
    captures.forEach(Capture::invalidate);
    if (captures.isEmpty()) {
      drain();
    }
    return captures.isEmpty();
  }

  int addUser() {
    return ++users;
  }

  int removeUser() {
    return --users;
  }
}
