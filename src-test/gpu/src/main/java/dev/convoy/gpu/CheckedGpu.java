package dev.convoy.gpu;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.CudaBackend;
import dev.convoy.worker.cuda.KernelsOnGpu;
import dev.convoy.worker.cuda.PlannedGpuMemory;
import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.device.Card;
import dev.convoy.worker.cuda.device.Gpu;
import dev.convoy.worker.cuda.device.GpuAnswer;
import dev.convoy.worker.cuda.device.GpuRefusal;
import dev.convoy.worker.cuda.device.Gpus;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.optimizer.OptimizerSettings;
import java.util.List;
import java.util.Optional;

/**
 * The first GPU of this machine, whose context stays open so that its free memory can be asked for
 * between networks. What the process keeps for all sessions is there from the beginning, so that it
 * does not count for the first one. For one thread.
 */
final class CheckedGpu {
  private final Gpu gpu;

  /**
   * What a machine has.
   *
   * @param cards all of them, for a person
   * @param versions of the libraries, for a person; empty if they are not all there
   * @param precisions that the first card computes in
   * @param problem why it cannot be computed on; empty if it can
   */
  record Found(List<String> cards, String versions, List<Precision> precisions, String problem) {
    static Found on(Gpus gpus) {
      List<Card> cards = gpus.cards();
      Optional<GpuAnswer> first = cards.stream().findFirst().map(gpus::answer);
      return new Found(
          cards.stream().map(Card::toString).toList(),
          gpus.versions().map(Object::toString).orElse(""),
          first
              .filter(Gpu.class::isInstance)
              .map(answer -> ((Gpu) answer).precisions().stream().sorted().toList())
              .orElse(List.of()),
          first
              .map(answer -> answer instanceof GpuRefusal refusal ? refusal.reason() : "")
              .orElseGet(() -> gpus.problem().orElse("no card")));
    }
  }

  private CheckedGpu(Gpu gpu) {
    this.gpu = gpu;
    KernelsOnGpu.load(gpu);
  }

  /** The GPUs of this machine, or of a simulated one. */
  static Gpus gpus(boolean simulated) {
    return simulated
        ? new Gpus(new SimulatedLibraries(), address -> Optional.empty())
        : Gpus.ofThisMachine();
  }

  /**
   * Opens the first GPU that can be computed on.
   *
   * @throws IllegalStateException if there is none
   */
  static CheckedGpu open(Gpus gpus) {
    return new CheckedGpu(
        gpus.usable().stream()
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("No GPU: " + Found.on(gpus).problem())));
  }

  private static void require(String call, int status) {
    if (status != Driver.SUCCESS) {
      throw new IllegalStateException(call + " gave status " + status);
    }
  }

  boolean has(Precision precision) {
    return gpu.precisions().contains(precision);
  }

  /** Card and versions, for a person. */
  String kind() {
    return gpu.kind();
  }

  /** Bytes of the card's memory that nobody has taken. */
  long freeBytes() {
    long[] free = new long[1];
    require("cuMemGetInfo_v2", gpu.libraries().driver().cuMemGetInfo_v2(free, new long[1]));
    return free[0];
  }

  /** Takes memory until about so many bytes are free. */
  Ballast ballastUpTo(long leftBytes) {
    return new Ballast(gpu.libraries().driver(), freeBytes() - leftBytes);
  }

  /** Opens a network with its parameters. */
  Session session(SavedNetwork network, Precision precision, OptimizerSettings optimizer)
      throws UnsupportedNetworkException {
    Session session =
        CudaBackend.on(gpu, precision, false)
            .open(network.configuration(), network.input(), network.segments(), optimizer);
    session.load(network.parameters(), new float[0]);
    return session;
  }

  /** What a step is planned to take, beside parameters and the optimizer's state. */
  long plannedBytes(SavedNetwork network, Precision precision, int batch)
      throws UnsupportedNetworkException {
    return PlannedGpuMemory.bytes(
        gpu, precision, network.configuration(), network.input(), network.segments(), batch);
  }
}
