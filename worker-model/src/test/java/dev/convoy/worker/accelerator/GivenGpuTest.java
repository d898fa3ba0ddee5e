package dev.convoy.worker.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.batch.Images;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.api.Blas;
import dev.convoy.worker.cuda.api.Dnn;
import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.api.LibrarySource;
import dev.convoy.worker.cuda.api.LibraryVersion;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.cuda.device.Gpus;
import dev.convoy.worker.cuda.simulation.DeviceModel;
import dev.convoy.worker.cuda.simulation.SimulatedMachine;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import dev.convoy.worker.natives.InstructionSetLimit;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The GPU that a task was given, on a machine that is simulated. */
class GivenGpuTest {
  private static final InputShape INPUT = new InputShape(8, 8, 3, 3);

  /** A machine whose libraries are found. */
  private record Found(SimulatedMachine machine) implements LibrarySource {
    @Override
    public boolean hasDriver() {
      return true;
    }

    @Override
    public Driver driver() {
      return machine.driver();
    }

    @Override
    public Blas blas(LibraryVersion driver) {
      return machine.blas();
    }

    @Override
    public Dnn dnn() {
      return machine.dnn();
    }
  }

  private static Gpus gpus(int major) {
    return gpus(machine(major));
  }

  private static SimulatedMachine machine(int major) {
    return new SimulatedMachine(
        new DeviceModel("Simulated GPU", "0000:07:00.0", major, 0, 8, 1L << 30));
  }

  private static Gpus gpus(SimulatedMachine machine) {
    return new Gpus(new Found(machine), address -> Optional.empty());
  }

  private static GivenGpuBackend backend(Gpus gpus, String address, Precision precision) {
    return new GivenGpuBackend(
        new Accelerator.Settings(
            true,
            precision,
            false,
            InstructionSetLimit.AUTO,
            GpuChoice.of(GpuUse.AUTO).at(address)),
        gpus);
  }

  private static Job job() {
    return Job.inference(Models.create(SmallModels.narrow("resnet-9"), INPUT, 1), INPUT, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "8, AUTO, in bfloat16",
    "8, FLOAT32, in float32",
    "8, TF32, in TF32",
    "7, AUTO, in float32",
    "7, BFLOAT16, 'in float32, as the card has no bfloat16'",
    "7, TF32, 'in float32, as the card has no TF32'"
  })
  void aNetworkRunsOnTheCardInAPrecisionThatItHas(int major, Precision wanted, String format)
      throws Exception {
    try (Session session = backend(gpus(major), "0000:07:00.0", wanted).open(job())) {
      assertThat(session.description())
          .isEqualTo("the whole network runs on Simulated GPU at 0000:07:00.0, " + format);
    }
  }

  @Test
  void aCardThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> backend(gpus(8), "0000:08:00.0", Precision.AUTO).open(job()))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("0000:08:00.0")
        .hasMessageContaining("CUDA_VISIBLE_DEVICES");
  }

  @Test
  void aCardThatCannotBeOpenedIsLeftToTheCpu() {
    SimulatedMachine machine = machine(8);
    machine.failing("cudnnCreate", 1, 1);
    assertThatThrownBy(() -> backend(gpus(machine), "0000:07:00.0", Precision.AUTO).open(job()))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("cudnnCreate");
  }

  /** Every call after such a fault fails in the same way, a task's next attempt too. */
  @ParameterizedTest
  @ValueSource(ints = {700, 719})
  void aCardIsNotUsedAnyMoreAfterAFaultThatEndsIt(int status) throws Exception {
    SimulatedMachine machine = machine(8);
    Gpus gpus = gpus(machine);
    GivenGpuBackend backend = backend(gpus, "0000:07:00.0", Precision.FLOAT32);
    try (Session session = backend.open(job())) {
      machine.failing("cuStreamSynchronize", 1, status);
      Images image = Images.of(new float[INPUT.values()]);
      assertThatThrownBy(() -> session.probabilities(image, 1))
          .hasMessageContaining("status " + status);
    }
    assertThat(gpus.usable()).isEmpty();
    assertThatThrownBy(() -> backend.open(job()))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageStartingWith(
            "Simulated GPU: it failed, and only a new process can use it again: ")
        .hasMessageContaining("status " + status);
  }

  @Test
  void aCallThatFailsForItselfAloneLeavesTheCardUsable() throws Exception {
    SimulatedMachine machine = machine(8);
    Gpus gpus = gpus(machine);
    machine.failing("cuStreamCreate", 1, 2);
    GivenGpuBackend backend = backend(gpus, "0000:07:00.0", Precision.FLOAT32);
    assertThatThrownBy(() -> backend.open(job())).isInstanceOf(UnsupportedNetworkException.class);
    backend.open(job()).close();
  }

  @Test
  void whoeverMustHaveAGpuAndWasGivenNoneIsToldSo() {
    Accelerator.Settings required = Accelerator.Settings.all().with(GpuChoice.of(GpuUse.REQUIRED));
    assertThatThrownBy(() -> Accelerator.open(job(), required))
        .isInstanceOf(GpuRequiredException.class)
        .hasMessageContaining("accelerator.gpu = required")
        .hasMessageContaining("no GPU was given to this task");
  }

  @Test
  void whoeverMayHaveAGpuAndCannotUseItSaysWhyAndComputesOnTheCpu() {
    Accelerator.Settings given =
        Accelerator.Settings.all().with(GpuChoice.of(GpuUse.AUTO).at("0000:07:00.0"));
    try (Session session = Accelerator.open(job(), given)) {
      assertThat(session.description()).doesNotContain("runs on GPU");
    }
  }
}
