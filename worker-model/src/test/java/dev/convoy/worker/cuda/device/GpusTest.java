package dev.convoy.worker.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpusTest {
  private static final Map<String, String> SMI =
      Map.of("0", "00000000:81:00.0", "1", "00000000:02:00.0", "2", "00000000:03:00.0");

  /** CUDA begins with the fastest card, nvidia-smi with the first place. */
  private final DescribedMachine machine =
      new DescribedMachine()
          .card("Fast", "0000:02:00.0", 9, 0)
          .card("Old", "0000:81:00.0", 3, 5)
          .card("Slow", "0000:01:00.0", 7, 5);

  private final Gpus gpus = gpus(machine);

  private static Gpus gpus(DescribedMachine machine) {
    return new Gpus(
        machine, address -> Optional.ofNullable(SMI.get(address)).flatMap(PciId::parse));
  }

  @Test
  void whereThereIsNoDriverNothingIsLoaded() {
    DescribedMachine none = new DescribedMachine().withoutDriver();
    assertThat(gpus(none).mayExist()).isFalse();
    assertThat(gpus(none).cards()).isEmpty();
    assertThat(gpus(none).usable()).isEmpty();
    assertThat(gpus(none).at("0"))
        .isEqualTo(new GpuRefusal("this machine has no driver of NVIDIA's."));
    assertThat(none.asked()).isEmpty();
  }

  @Test
  void librariesAreLoadedOnceAndInTheirOrder() {
    assertThat(gpus.mayExist()).isTrue();
    assertThat(machine.asked()).isEmpty();
    gpus.cards();
    gpus.usable();
    assertThat(machine.asked()).containsExactly("driver", "blas of CUDA 12.4", "dnn");
  }

  @ParameterizedTest
  @CsvSource({"13000, 12.9", "12090, 12.9", "11080, 13.0"})
  void cublasIsThatOfTheCudaVersionThatCudnnIsFor(long driver, String expected) {
    machine
        .versions(driver, driver == 12_090 ? 120_900 : 130_000, 91_002, 12_090)
        .otherBlas(120_900);
    assertThat(gpus.versions()).get().asString().contains("cuBLAS " + expected);
  }

  @Test
  void whatLibrariesLackIsAWarning() {
    machine.warning("NVRTC is missing.");
    assertThat(gpus.warnings()).containsExactly("NVRTC is missing.");
    assertThat(gpus.problem()).isEmpty();
    assertThat(gpus(new DescribedMachine().withoutDriver().warning("x")).warnings()).isEmpty();
  }

  @Test
  void cardsThatCannotBeUsedAreLeftOutAndSayWhy() {
    assertThat(gpus.cards()).extracting(Card::name).containsExactly("Fast", "Old", "Slow");
    assertThat(gpus.usable()).extracting(Gpu::ordinal).containsExactly(0, 2);
    assertThat(gpus.answer(gpus.cards().get(1)))
        .isInstanceOfSatisfying(
            GpuRefusal.class,
            refusal ->
                assertThat(refusal.reason())
                    .startsWith("Old: its compute capability is 3.5: expected 5.0 or later"));
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "0000:02:00.0, 0", "00000000:01:00.0, 2", "01:00.0, 2"})
  void anAddressIsMappedByTheCardsPlace(String address, int ordinal) {
    assertThat(gpus.at(address))
        .isInstanceOfSatisfying(Gpu.class, gpu -> assertThat(gpu.ordinal()).isEqualTo(ordinal));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | Old: its compute capability is 3.5",
        "2 | this process does not see the card 2 at 0000:03:00.0: look at CUDA_VISIBLE_DEVICES.",
        "7 | nvidia-smi, which numbers the cards, knows none 7.",
        "GPU-5 | nvidia-smi, which numbers the cards, knows none GPU-5."
      })
  void anAddressThatIsNoUsableCardIsRefused(String address, String reason) {
    assertThat(gpus.at(address))
        .isInstanceOfSatisfying(
            GpuRefusal.class, refusal -> assertThat(refusal.reason()).startsWith(reason));
  }

  @Test
  void aPartitionIsTheOneCardThatAProcessSees() {
    DescribedMachine one = new DescribedMachine().card("MIG 1g.10gb", "0000:02:00.0", 9, 0);
    assertThat(gpus(one).at("MIG-33cc"))
        .isInstanceOfSatisfying(Gpu.class, gpu -> assertThat(gpu.ordinal()).isZero());
    assertThat(gpus.at("MIG-33cc"))
        .isEqualTo(
            new GpuRefusal(
                "this process sees 3 cards: expected the one partition MIG-33cc. Set"
                    + " CUDA_VISIBLE_DEVICES to it."));
  }

  @Test
  void theKindOfAGpuIsItsNameAndTheVersions() {
    assertThat(gpus.usable().get(0).kind())
        .isEqualTo("Fast, driver for CUDA 12.4, cuBLAS 12.4.1, cuDNN 9.1");
  }

  @ParameterizedTest
  @CsvSource({
    "driver, libcuda.so.1 is not there.",
    "blas, cuBLAS is missing.",
    "dnn, libcudnn.so.9 lacks cudnnCreate."
  })
  void whatALibraryLacksIsTheReason(String library, String problem) {
    switch (library) {
      case "driver" -> machine.driverProblem(problem);
      case "blas" -> machine.blasProblem(problem);
      default -> machine.dnnProblem(problem);
    }
    assertThat(gpus.problem()).hasValue(problem);
    assertThat(gpus.usable()).isEmpty();
    assertThat(gpus.versions()).isEmpty();
    assertThat(gpus.at("1")).isEqualTo(new GpuRefusal(problem));
    assertThat(gpus.cards()).hasSize(library.equals("driver") ? 0 : 3);
  }

  @Test
  void aDriverThatIsTooOldIsToldBeforeOtherLibrariesAreLoaded() {
    machine.versions(10_020, 0, 0, 0);
    assertThat(gpus.problem())
        .hasValue(
            "the driver serves CUDA up to 10.2: expected 11.4 or later. Install a newer driver.");
    assertThat(machine.asked()).containsExactly("driver");
    assertThat(gpus.cards()).hasSize(3);
  }

  @Test
  void aDriverThatDoesNotBeginIsTheReason() {
    machine.failing(100);
    assertThat(gpus.problem()).get().asString().contains("cuInit gave status 100");
    assertThat(gpus.cards()).isEmpty();
  }

  @Test
  void aProcessWithoutAVisibleCardHasNone() {
    assertThat(gpus(new DescribedMachine()).at("0"))
        .isEqualTo(new GpuRefusal("the driver shows no card to this process."));
  }

  @Test
  void nvidiaSmiNamesCardsByIndexAndByUuid() {
    List<String> lines =
        List.of("0, GPU-11aa, 00000000:81:00.0", "1, GPU-22bb, 00000000:02:00.0", "warning");
    PciId second = PciId.parse("0000:02:00.0").orElseThrow();
    assertThat(NvidiaSmi.place(lines, "1")).hasValue(second);
    assertThat(NvidiaSmi.place(lines, "GPU-22bb")).hasValue(second);
    assertThat(NvidiaSmi.place(lines, "2")).isEmpty();
    assertThat(NvidiaSmi.place(List.of("command not found"), "0")).isEmpty();
  }
}
