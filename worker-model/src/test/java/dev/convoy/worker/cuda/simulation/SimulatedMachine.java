package dev.convoy.worker.cuda.simulation;

import dev.convoy.worker.cuda.api.Blas;
import dev.convoy.worker.cuda.api.Dnn;
import dev.convoy.worker.cuda.api.Driver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A machine with simulated GPUs: its driver, cuDNN and cuBLAS, which see the same memory. A process
 * of its own, so to say: nothing is shared with another machine.
 */
public final class SimulatedMachine {
  private final MachineState state;
  private final WatchedCalls calls = new WatchedCalls();
  private final Driver driver;
  private final Dnn dnn;
  private final Blas blas;

  /** A machine with these devices. */
  public SimulatedMachine(DeviceModel... devices) {
    state = new MachineState(List.of(devices));
    driver = calls.watch(Driver.class, new SimulatedDriver(state));
    dnn = calls.watch(Dnn.class, new SimulatedDnn(state));
    blas = calls.watch(Blas.class, new SimulatedBlas(state));
  }

  /** A machine with one device. */
  public static SimulatedMachine ordinary() {
    return new SimulatedMachine(DeviceModel.ordinary());
  }

  /** NVIDIA's driver. */
  public Driver driver() {
    return driver;
  }

  /** cuDNN. */
  public Dnn dnn() {
    return dnn;
  }

  /** cuBLAS. */
  public Blas blas() {
    return blas;
  }

  /**
   * Lets a call return a status instead of doing what it is asked for.
   *
   * @param call its name
   * @param number among the calls of that name from now on, from 1
   */
  public void failing(String call, int number, int status) {
    calls.fail(call, number, status);
  }

  /** How often a function was called. */
  public int calls(String name) {
    return calls.count(name);
  }

  /** How often kernels were launched, by name; a graph's at each launch of the graph. */
  public Map<String, Integer> launches() {
    return Map.copyOf(state.launches());
  }

  /** Bytes of workspace that an algorithm of cuDNN's needs from now on beside what is usual. */
  public void moreWorkspace(int algorithm, long bytes) {
    state.moreWorkspace(algorithm, bytes);
  }

  /** Whether there is something for which a thread that waits for it takes a core meanwhile. */
  public boolean waitsBusily() {
    return state.waitsBusily();
  }

  /** Why the last module was refused as it is no PTX; empty if none was. */
  public String complaint() {
    return state.complaint();
  }

  /** The driver's version from now on, 1000 × major + 10 × minor. */
  public void driverVersion(int version) {
    state.driverVersion(version);
  }

  /**
   * cuDNN's version from now on, as {@link Dnn#cudnnGetVersion} has it; statuses have the numbers
   * of that version.
   */
  public void dnnVersion(long version) {
    state.dnnVersion(version);
  }

  /** How many instructions of single threads a launch may take before it counts as endless. */
  public void stepsPerLaunch(long steps) {
    state.stepsPerLaunch(steps);
  }

  /**
   * In contexts that begin later, what a thread of a kernel reads or writes where another thread of
   * the same launch writes is a fault unless a barrier is between them. It takes 24 bytes for each
   * byte that is touched.
   */
  public void watchRaces() {
    state.watch();
  }

  /** Regions of devices' memory that were taken and not given back. */
  public int allocations() {
    return state.handles().all(SimulatedContext.class).stream()
        .mapToInt(context -> context.memory().count())
        .sum();
  }

  /** What was opened or taken and not closed or given back, a line each. */
  public List<String> leaks() {
    List<String> leaks = new ArrayList<>(state.lost());
    leaks.addAll(state.handles().describe());
    if (allocations() > 0) {
      leaks.add(allocations() + " regions of device memory");
    }
    if (state.hostMemory().count() > 0) {
      leaks.add(state.hostMemory().count() + " regions of the host's memory");
    }
    return leaks;
  }
}
