package dev.convoy.worker.cuda.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.simulation.ptx.DeviceFault;
import org.junit.jupiter.api.Test;

/** Work that a stream keeps: what may be kept, and that it runs as often as it is asked to. */
class CaptureTest {
  private final SimulatedMachine machine = SimulatedMachine.ordinary();
  private final Driver driver = machine.driver();
  private final TestDevice device = new TestDevice(machine, "memory.ptx");
  private final long stream = device.stream();

  private void begin() {
    TestDevice.check(driver.cuStreamBeginCapture_v2(stream, Driver.CAPTURE_THREAD_LOCAL));
  }

  private long end() {
    long[] graph = new long[1];
    TestDevice.check(driver.cuStreamEndCapture(stream, graph));
    return graph[0];
  }

  private long executable(long graph) {
    long[] executable = new long[1];
    TestDevice.check(driver.cuGraphInstantiateWithFlags(executable, graph, 0));
    return executable[0];
  }

  @Test
  void keptWorkRunsAtEachLaunchWithTheArgumentsItHad() {
    long x = device.put(1.0f, 2.0f, 3.0f, 4.0f);
    begin();
    device.launch("scaleFours", 1, 1, x, 2.0f, 1);
    device.launch("scaleFours", 1, 1, x, 5.0f, 1);
    long graph = end();
    assertThat(device.floats(x, 4)).containsExactly(1, 2, 3, 4);
    long executable = executable(graph);
    TestDevice.check(driver.cuGraphDestroy(graph));
    TestDevice.check(driver.cuGraphLaunch(executable, stream));
    TestDevice.check(driver.cuGraphLaunch(executable, stream));
    assertThat(machine.launches()).isEmpty();
    assertThat(device.floats(x, 4)).containsExactly(100, 200, 300, 400);
    assertThat(machine.launches()).containsEntry("scaleFours", 4);
    TestDevice.check(driver.cuGraphExecDestroy(executable));
  }

  @Test
  void keptCopiesReadTheHostAtEachLaunch() {
    long host = device.takeHost(4);
    long x = device.put(0);
    begin();
    driver.cuMemcpyHtoDAsync_v2(x, host, 4, stream);
    long executable = executable(end());
    for (int value = 5; value < 7; value++) {
      new Pointer(host).setInt(0, value);
      driver.cuGraphLaunch(executable, stream);
      assertThat(device.ints(x, 1)).containsExactly(value);
    }
  }

  private void expectInvalid(int status) {
    assertThat(status).isEqualTo(DriverStatus.CAPTURE_UNSUPPORTED);
    long[] graph = {77};
    assertThat(driver.cuStreamEndCapture(stream, graph))
        .isEqualTo(DriverStatus.CAPTURE_INVALIDATED);
    assertThat(graph[0]).isZero();
  }

  @Test
  void nobodyWaitsForAStreamThatKeepsItsWork() {
    begin();
    expectInvalid(driver.cuStreamSynchronize(stream));
  }

  @Test
  void memoryIsNeitherTakenNorGivenBackMeanwhile() {
    long memory = device.take(4);
    begin();
    expectInvalid(driver.cuMemAlloc_v2(new long[1], 4));
    begin();
    expectInvalid(driver.cuMemFree_v2(memory));
    begin();
    expectInvalid(driver.cuMemHostAlloc(new long[1], 4, 0));
    assertThat(machine.allocations()).isEqualTo(1);
  }

  @Test
  void marksInKeptWorkAreNotWaitedFor() {
    long[] event = new long[1];
    TestDevice.check(driver.cuEventCreate(event, 2));
    begin();
    TestDevice.check(driver.cuEventRecord(event[0], stream));
    assertThat(driver.cuEventSynchronize(event[0])).isEqualTo(DriverStatus.CAPTURED_EVENT);
    assertThat(driver.cuStreamEndCapture(stream, new long[1]))
        .isEqualTo(DriverStatus.CAPTURE_INVALIDATED);
  }

  @Test
  void otherThreadsMayDoMeanwhileWhatTheyLike() throws InterruptedException {
    long[] context = new long[1];
    driver.cuDevicePrimaryCtxRetain(context, 0);
    begin();
    int[] statuses = new int[2];
    Thread other =
        new Thread(
            () -> {
              driver.cuCtxSetCurrent(context[0]);
              statuses[0] = driver.cuMemAlloc_v2(new long[1], 4);
              statuses[1] = driver.cuStreamEndCapture(stream, new long[1]);
            });
    other.start();
    other.join();
    assertThat(statuses).containsExactly(0, DriverStatus.CAPTURE_WRONG_THREAD);
    assertThat(end()).isPositive();
  }

  @Test
  void captureBeginsAndEndsInPairs() {
    assertThat(driver.cuStreamEndCapture(stream, new long[1])).isEqualTo(401);
    assertThat(driver.cuStreamBeginCapture_v2(0, 1)).isEqualTo(DriverStatus.CAPTURE_UNSUPPORTED);
    begin();
    assertThat(driver.cuStreamBeginCapture_v2(stream, 1)).isEqualTo(DriverStatus.ILLEGAL_STATE);
  }

  @Test
  void keptWorkFindsThatItsMemoryIsGone() {
    long x = device.put(1.0f, 2.0f, 3.0f, 4.0f);
    begin();
    device.launch("scaleFours", 1, 1, x, 2.0f, 1);
    long executable = executable(end());
    TestDevice.check(driver.cuMemFree_v2(x));
    driver.cuGraphLaunch(executable, stream);
    assertThatThrownBy(() -> driver.cuStreamSynchronize(stream))
        .isInstanceOf(DeviceFault.class)
        .hasMessageContaining("which were given back");
  }
}
