package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.api.CudaLibraries;
import dev.convoy.worker.cuda.device.Gpu;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.optimizer.Segment;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** What a step is planned to take of a card's memory. */
public final class PlannedGpuMemory {
  private PlannedGpuMemory() {}

  /**
   * Bytes of a training plan, beside parameters, gradients and the optimizer's state.
   *
   * @param batch images, which come as bytes
   */
  public static long bytes(
      Gpu gpu,
      Precision precision,
      ComputationGraphConfiguration configuration,
      InputShape input,
      List<Segment> segments,
      int batch)
      throws UnsupportedNetworkException {
    CudaLibraries libraries = gpu.libraries();
    Device device = new Device(gpu.context(), libraries.dnn(), libraries.blas(), gpu.card().name());
    CudaSettings settings = CudaSettings.on(gpu, precision, false);
    try (CudaNetwork network =
            new CudaNetwork(configuration, input, segments, Set.of(), device, settings);
        CudaTrainingPlan plan =
            new CudaTrainingPlan(network, new CudaPlanShape(batch, true, 1, false), null)) {
      return plan.bytes();
    }
  }
}
