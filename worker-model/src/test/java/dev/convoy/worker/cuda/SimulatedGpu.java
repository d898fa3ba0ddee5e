package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.cuda.device.CardContext;
import dev.convoy.worker.cuda.simulation.SimulatedMachine;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.optimizer.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The backend of GPUs on a machine that is simulated. */
public final class SimulatedGpu {
  private final SimulatedMachine machine;
  private final CardContext card;

  /** A machine with one device. */
  public SimulatedGpu() {
    this(SimulatedMachine.ordinary());
  }

  /** A machine whose first device is used. */
  public SimulatedGpu(SimulatedMachine machine) {
    this.machine = machine;
    card = new CardContext(machine.driver(), 0);
  }

  /** The machine. */
  public SimulatedMachine machine() {
    return machine;
  }

  /**
   * What sessions took and did not give back, a line each. The context and its modules, once each,
   * are the process's.
   */
  public List<String> leaks() {
    List<String> leaks = new ArrayList<>(machine.leaks());
    leaks.remove("SimulatedContext");
    KernelModules.FILES.forEach(file -> leaks.remove("SimulatedModule"));
    return leaks;
  }

  Device device() {
    return device(reason -> {});
  }

  Device device(Consumer<String> lost) {
    return new Device(card, machine.dnn(), machine.blas(), "a simulated GPU", lost);
  }

  /** The backend that opens sessions on the device. */
  public CudaBackend backend(Precision precision, boolean recomputes) {
    return new CudaBackend(CudaSettings.of(precision, recomputes), this::device);
  }

  /** Propagation of a network that the host keeps. */
  public Propagation propagation(
      ComputationGraph network, InputShape input, Precision precision, boolean recomputes)
      throws UnsupportedNetworkException {
    return new CudaPropagation(
        network,
        new CudaNetwork(
            network.getConfiguration(),
            input,
            Segment.of(network),
            Set.of(),
            device(),
            CudaSettings.of(precision, recomputes)));
  }
}
