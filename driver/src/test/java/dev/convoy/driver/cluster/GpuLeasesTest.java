package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.driver.cluster.GpuLeases.Giver;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.accelerator.GpuRequiredException;
import dev.convoy.worker.cuda.device.DescribedMachine;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.cuda.device.Gpus;
import dev.convoy.worker.cuda.device.PciId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuLeasesTest {
  private static final String FIRST = "0000:01:00.0";
  private static final String SECOND = "0000:02:00.0";
  private static final Giver LOCAL = new Giver(Optional.empty(), false);
  private static final Giver CLUSTER = new Giver(Optional.empty(), true);

  private final DescribedMachine machine =
      new DescribedMachine()
          .card("Second", SECOND, 9, 0)
          .card("First", FIRST, 9, 0)
          .card("Old", "0000:03:00.0", 3, 5);

  private final GpuLeases leases = leases(machine);

  private static GpuLeases leases(DescribedMachine machine) {
    Map<String, String> numbers = Map.of("0", FIRST, "1", SECOND, "2", "0000:03:00.0");
    return new GpuLeases(
        new Gpus(
            machine, address -> Optional.ofNullable(numbers.get(address)).flatMap(PciId::parse)));
  }

  private static Accelerator.Settings settings(GpuUse use) {
    return Accelerator.Settings.all().with(GpuChoice.of(use));
  }

  private static Giver spark(String address) {
    return new Giver(Optional.of(address), true);
  }

  private static String address(GpuLeases of, GpuUse use, Giver giver) throws Exception {
    return of.with(settings(use), giver, device -> device.gpu().address());
  }

  @ParameterizedTest
  @CsvSource({"0, 0000:01:00.0", "1, 0000:02:00.0", "0000:02:00.0, 0000:02:00.0"})
  void whatSparkGivesIsObeyed(String given, String expected) throws Exception {
    assertThat(address(leases, GpuUse.AUTO, spark(given))).isEqualTo(expected);
    assertThat(address(leases, GpuUse.REQUIRED, spark(given))).isEqualTo(expected);
  }

  @Test
  void tasksOfOneAddressShareTheCard() throws Exception {
    leases.with(
        settings(GpuUse.AUTO),
        spark("1"),
        one -> {
          assertThat(address(leases, GpuUse.AUTO, spark("1"))).isEqualTo(one.gpu().address());
          return null;
        });
  }

  @Test
  void inLocalModeTasksTakeTheGpuWithTheFewest() throws Exception {
    leases.with(
        settings(GpuUse.AUTO),
        LOCAL,
        one -> {
          assertThat(one.gpu().address()).isEqualTo(SECOND);
          return leases.with(
              settings(GpuUse.REQUIRED),
              LOCAL,
              two -> {
                assertThat(two.gpu().address()).isEqualTo(FIRST);
                assertThat(address(leases, GpuUse.AUTO, LOCAL)).isEqualTo(SECOND);
                return null;
              });
        });
    assertThat(address(leases, GpuUse.AUTO, LOCAL)).isEqualTo(SECOND);
  }

  @Test
  void aTaskThatFailsGivesItsGpuBack() throws Exception {
    for (int failure = 0; failure < 3; failure++) {
      assertThatThrownBy(
              () ->
                  leases.with(
                      settings(GpuUse.AUTO),
                      LOCAL,
                      device -> {
                        throw new IllegalStateException("killed with " + device.gpu().address());
                      }))
          .hasMessage("killed with " + SECOND);
    }
  }

  @Test
  void aClusterWhoseSparkWasToldOfNoneComputesOnTheCpu() throws Exception {
    assertThat(address(leases, GpuUse.AUTO, CLUSTER)).isEmpty();
    assertThatThrownBy(() -> address(leases, GpuUse.REQUIRED, CLUSTER))
        .isInstanceOf(GpuRequiredException.class)
        .hasMessageContaining("Spark has given this task none. Ask for them with --gpus 1");
  }

  @Test
  void aCardThatCannotBeUsedIsReplacedByTheCpuOrEndsTheTask() throws Exception {
    assertThat(address(leases, GpuUse.AUTO, spark("2"))).isEmpty();
    assertThatThrownBy(() -> address(leases, GpuUse.REQUIRED, spark("2")))
        .isInstanceOf(GpuRequiredException.class)
        .hasMessageStartingWith(
            "accelerator.gpu = required: expected a GPU to compute on, found none: Old: its compute"
                + " capability is 3.5");
  }

  @Test
  void aMachineWithoutGpusComputesOnTheCpu() throws Exception {
    GpuLeases none = leases(new DescribedMachine().withoutDriver());
    assertThat(address(none, GpuUse.AUTO, LOCAL)).isEmpty();
    assertThatThrownBy(() -> address(none, GpuUse.REQUIRED, LOCAL))
        .hasMessageEndingWith("found none: this machine has no driver of NVIDIA's.");
  }

  @Test
  void withoutUseNothingIsAsked() throws Exception {
    DescribedMachine unasked = new DescribedMachine().driverProblem("must not be loaded");
    assertThat(address(leases(unasked), GpuUse.OFF, LOCAL)).isEmpty();
    assertThat(unasked.asked()).isEmpty();
  }
}
