package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Backend;
import dev.convoy.worker.backend.HostSession;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.api.CudaLibraries;
import dev.convoy.worker.cuda.device.Gpu;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.optimizer.DeviceSteps;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.Segment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** Whole networks on a GPU. */
public final class CudaBackend implements Backend {
  private final CudaSettings settings;
  private final Devices devices;

  /** Opens the device that a network is to be computed on. */
  @FunctionalInterface
  interface Devices {
    /** A device of the caller's own. */
    Device open();
  }

  /** On devices that the settings are for. */
  CudaBackend(CudaSettings settings, Devices devices) {
    this.settings = settings;
    this.devices = devices;
  }

  /**
   * Computes on a GPU.
   *
   * @param wanted of values: that, or float32 if the card does not have it; bfloat16 for {@link
   *     Precision#AUTO} where it has that
   * @param recomputes whether values are computed again on the way back instead of being kept
   */
  public static CudaBackend on(Gpu gpu, Precision wanted, boolean recomputes) {
    CudaLibraries libraries = gpu.libraries();
    String name = gpu.card().name() + " at " + gpu.card().pciId();
    return new CudaBackend(
        CudaSettings.on(gpu, wanted, recomputes),
        () ->
            new Device(
                gpu.context(),
                libraries.dnn(),
                libraries.blas(),
                name,
                reason -> gpu.failures().add(gpu.ordinal(), reason)));
  }

  @Override
  public String name() {
    return "GPU";
  }

  /** A device that cannot be opened, or has too little memory, leaves the network to others. */
  @Override
  public Session open(Job job) throws UnsupportedNetworkException {
    try {
      return opened(job);
    } catch (CudaException | DeviceMemoryException e) {
      throw new UnsupportedNetworkException(e.getMessage(), e);
    }
  }

  private Session opened(Job job) throws UnsupportedNetworkException {
    ComputationGraphConfiguration configuration = job.network().getConfiguration();
    List<Segment> segments = Segment.of(job.network());
    float[] parameters = HostVector.copy(job.network().params());
    Optional<OptimizerSettings> optimizer = job.optimizer();
    if (optimizer.flatMap(rule -> DeviceSteps.of(configuration, segments, rule)).isPresent()) {
      Session session = open(configuration, job.input(), segments, optimizer.get());
      try {
        session.load(parameters, new float[0]);
        return session;
      } catch (RuntimeException e) {
        session.close();
        throw e;
      }
    }
    CudaNetwork network = network(configuration, job.input(), segments, optimizer);
    return new HostSession(job, new CudaPropagation(job.network(), network));
  }

  /**
   * Opens a network that learns and is on the device alone: neither Deeplearning4j's object nor its
   * natives are needed. Its parameters are zeros until they are loaded.
   *
   * @param segments of the network's flat vector, in that order
   * @throws UnsupportedNetworkException if the network is not for this backend, or the rule has no
   *     kernels
   */
  public Session open(
      ComputationGraphConfiguration configuration,
      InputShape input,
      List<Segment> segments,
      OptimizerSettings optimizer)
      throws UnsupportedNetworkException {
    Optional<DeviceSteps> steps = DeviceSteps.of(configuration, segments, optimizer);
    if (steps.isEmpty()) {
      throw new UnsupportedNetworkException(
          "steps of " + optimizer.rule().name() + " as it is set have no kernels");
    }
    CudaNetwork network = network(configuration, input, segments, Optional.of(optimizer));
    try {
      DeviceUpdate update = new DeviceUpdate(network.device(), network.vectors(), steps.get());
      return new CudaSession(network, update);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private CudaNetwork network(
      ComputationGraphConfiguration configuration,
      InputShape input,
      List<Segment> segments,
      Optional<OptimizerSettings> optimizer)
      throws UnsupportedNetworkException {
    Set<String> settled =
        optimizer.map(rule -> rule.layers().settledLayers(configuration)).orElse(Set.of());
    Device device = devices.open();
    try {
      CudaNetwork network =
          new CudaNetwork(configuration, input, segments, settled, device, settings);
      if (optimizer.isPresent()) {
        network.requireTraining();
      } else {
        network.requireAnswers();
      }
      return network;
    } catch (UnsupportedNetworkException | RuntimeException e) {
      device.close();
      throw e;
    }
  }
}
