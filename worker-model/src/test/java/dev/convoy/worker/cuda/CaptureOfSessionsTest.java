package dev.convoy.worker.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.PlainOptimizer;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions of one process on one card, one of which captures work. */
@Timeout(60)
class CaptureOfSessionsTest {
  private static final InputShape INPUT = new InputShape(8, 8, 3, 3);

  private final SimulatedGpu gpu = new SimulatedGpu();

  private Session open() throws UnsupportedNetworkException {
    return gpu.backend(Precision.FLOAT32, false)
        .open(
            Job.training(
                Models.create(SmallModels.narrow("resnet-9"), INPUT, 1),
                INPUT,
                PlainOptimizer.settings(
                    ComponentSettings.defaults("nesterov"),
                    0.1,
                    Regularization.none(),
                    ComponentSettings.defaults("constant")),
                1));
  }

  /** Work of another session. */
  private interface Work {
    void run() throws Exception;
  }

  /** Begins the work while a device captures, and expects it to wait until that is done. */
  private void expectToWait(Work work) throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread other = new Thread(task, "another session");
    Thread.State[] meanwhile = new Thread.State[1];
    try (Device device = gpu.device();
        DeviceMemory memory = new DeviceMemory(device, 4)) {
      memory.allocate();
      device
          .capture(
              () -> {
                device.clear(memory.address(), 4);
                other.start();
                meanwhile[0] = waitingOrEnded(other);
              })
          .close();
      task.get();
    }
    assertThat(meanwhile[0]).isEqualTo(Thread.State.WAITING);
  }

  private static Thread.State waitingOrEnded(Thread thread) {
    Thread.State state = thread.getState();
    while (state != Thread.State.WAITING && state != Thread.State.TERMINATED) {
      Thread.onSpinWait();
      state = thread.getState();
    }
    return state;
  }

  @Test
  void aSessionOpensWhenAnothersCaptureIsDone() throws Exception {
    open().close(); // whatever else an opening waits for is there
    expectToWait(() -> open().close());
  }

  @Test
  void aSessionClosesWhenAnothersCaptureIsDone() throws Exception {
    Session session = open();
    expectToWait(session::close);
    assertThat(gpu.leaks()).isEmpty();
  }

  @Test
  void aPlanRunsForTheFirstTimeWhenAnothersCaptureIsDone() throws Exception {
    try (Session session = open()) {
      expectToWait(() -> session.probabilities(Images.of(new float[INPUT.values()]), 1));
    }
  }

  @Test
  void aPlanThatHasRunIsNotHeldUp() throws Exception {
    Images images = Images.of(new float[INPUT.values()]);
    try (Session session = open();
        Device device = gpu.device();
        DeviceMemory memory = new DeviceMemory(device, 4)) {
      memory.allocate();
      for (int i = 0; i < 2; i++) {
        session.probabilities(images, 1);
      }
      Thread other = new Thread(() -> session.probabilities(images, 1), "another session");
      device.enter();
      device
          .capture(
              () -> {
                other.start();
                assertThat(waitingOrEnded(other)).isEqualTo(Thread.State.TERMINATED);
                device.clear(memory.address(), 4);
              })
          .close();
    }
  }
}
