package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Backend;
import dev.convoy.worker.backend.HostSession;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.api.CudaLibraries;
import dev.convoy.worker.cuda.device.Gpu;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.optimizer.DeviceSteps;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.Segment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** Whole networks on a GPU. */
public final class CudaBackend implements Backend {
  private final Precision precision;
  private final boolean recomputes;
  private final Devices devices;

  /** Opens the device that a network is to be computed on. */
  @FunctionalInterface
  interface Devices {
    /** A device of the caller's own. */
    Device open();
  }

  /** For a device that has the precision. */
  CudaBackend(Precision precision, boolean recomputes, Devices devices) {
    this.precision = precision;
    this.recomputes = recomputes;
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
        available(gpu, wanted),
        recomputes,
        () ->
            new Device(libraries.driver(), libraries.dnn(), libraries.blas(), gpu.ordinal(), name));
  }

  /** What a GPU computes in where a precision is wanted. */
  public static Precision available(Gpu gpu, Precision wanted) {
    Precision precision = wanted == Precision.AUTO ? Precision.BFLOAT16 : wanted;
    return gpu.precisions().contains(precision) ? precision : Precision.FLOAT32;
  }

  @Override
  public String name() {
    return "GPU";
  }

  @Override
  public Session open(Job job) throws UnsupportedNetworkException {
    List<Segment> segments = Segment.of(job.network());
    CudaNetwork network = network(job, segments);
    try {
      return session(job, segments, network);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static Session session(Job job, List<Segment> segments, CudaNetwork network) {
    Optional<DeviceSteps> steps =
        job.optimizer()
            .flatMap(rule -> DeviceSteps.of(job.network().getConfiguration(), segments, rule));
    if (steps.isEmpty()) {
      return new HostSession(job, new CudaPropagation(job.network(), network));
    }
    DeviceUpdate update = new DeviceUpdate(network.device(), network.vectors(), steps.get());
    CudaSession session = new CudaSession(network, update);
    session.load(HostVector.copy(job.network().params()), new float[0]);
    return session;
  }

  private CudaNetwork network(Job job, List<Segment> segments) throws UnsupportedNetworkException {
    ComputationGraphConfiguration configuration = job.network().getConfiguration();
    Set<String> settled =
        job.optimizer().map(rule -> rule.layers().settledLayers(configuration)).orElse(Set.of());
    Device device = devices.open();
    try {
      return new CudaNetwork(
          configuration, job.input(), segments, settled, device, precision, recomputes);
    } catch (UnsupportedNetworkException | RuntimeException e) {
      device.close();
      throw e;
    }
  }
}
