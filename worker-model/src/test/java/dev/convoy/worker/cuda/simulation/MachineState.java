package dev.convoy.worker.cuda.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the driver, cuDNN and cuBLAS of a simulated machine share. */
final class MachineState {
  private final List<DeviceModel> devices;
  private final Handles handles = new Handles(0x1000);
  private final Handles functions = new Handles(0x1000_0000);
  private final HostMemory hostMemory = new HostMemory();
  private final Map<Integer, Long> primary = new HashMap<>();
  private final ThreadLocal<Long> current = ThreadLocal.withInitial(() -> 0L);
  private final Map<Integer, Integer> contextFlags = new HashMap<>();
  private final Map<String, Integer> launches = new TreeMap<>();
  private final List<String> lost = new ArrayList<>();
  private String complaint = "";
  private int driverVersion = 12_080;
  private long dnnVersion = 8_907;
  private long stepsPerLaunch = 1L << 32;
  private boolean watched;
  private final Map<Integer, Long> moreWorkspace = new HashMap<>();
  private boolean busy;
  private boolean begun;

  MachineState(List<DeviceModel> devices) {
    this.devices = List.copyOf(devices);
  }

  List<DeviceModel> devices() {
    return devices;
  }

  Handles handles() {
    return handles;
  }

  /** Kernels that were looked up: they end with their module, not by a call. */
  Handles functions() {
    return functions;
  }

  HostMemory hostMemory() {
    return hostMemory;
  }

  /** Contexts that are retained, by device. */
  Map<Integer, Long> primary() {
    return primary;
  }

  /** What was said of contexts that begin later, by device. */
  Map<Integer, Integer> contextFlags() {
    return contextFlags;
  }

  /** Bytes of workspace that an algorithm needs beside what is usual. */
  long moreWorkspace(int algorithm) {
    return moreWorkspace.getOrDefault(algorithm, 0L);
  }

  void moreWorkspace(int algorithm, long bytes) {
    moreWorkspace.put(algorithm, bytes);
  }

  /** How threads wait for one more thing. */
  void waitsAsleep(boolean asleep) {
    busy |= !asleep;
  }

  /** Whether a thread that waits for something may take a core meanwhile. */
  boolean waitsBusily() {
    return busy;
  }

  /** How often each kernel was launched. */
  Map<String, Integer> launches() {
    return launches;
  }

  /** What was not given back before its context ended. */
  List<String> lost() {
    return lost;
  }

  /** Why the last module was refused. */
  String complaint() {
    return complaint;
  }

  void complaint(String text) {
    complaint = text;
  }

  int driverVersion() {
    return driverVersion;
  }

  void driverVersion(int version) {
    driverVersion = version;
  }

  long dnnVersion() {
    return dnnVersion;
  }

  void dnnVersion(long version) {
    dnnVersion = version;
  }

  long stepsPerLaunch() {
    return stepsPerLaunch;
  }

  void stepsPerLaunch(long steps) {
    stepsPerLaunch = steps;
  }

  boolean isWatched() {
    return watched;
  }

  void watch() {
    watched = true;
  }

  boolean isBegun() {
    return begun;
  }

  void begin() {
    begun = true;
  }

  void setCurrent(long context) {
    current.set(context);
  }

  /** The context of the calling thread, or null. */
  SimulatedContext current() {
    return handles.find(current.get(), SimulatedContext.class);
  }

  /** A stream of the calling thread's context by its handle, 0 for the default one; or null. */
  SimulatedStream stream(long handle) {
    if (handle == 0) {
      return current() == null ? null : current().defaultStream();
    }
    return handles.find(handle, SimulatedStream.class);
  }

  /**
   * Asks for what a graph could not repeat. Where that is forbidden, captures that forbid it are
   * invalid from now on.
   */
  boolean forbidden() {
    boolean forbidden = false;
    for (SimulatedStream stream : handles.all(SimulatedStream.class)) {
      if (stream.capture() != null && stream.capture().forbids()) {
        stream.capture().invalidate();
        forbidden = true;
      }
    }
    return forbidden;
  }
}
