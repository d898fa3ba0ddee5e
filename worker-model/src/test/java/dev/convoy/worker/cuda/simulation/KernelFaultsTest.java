package dev.convoy.worker.cuda.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.worker.cuda.simulation.ptx.DeviceFault;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** What a device ends, or what has no defined result, is found and named. */
class KernelFaultsTest {
  private final SimulatedMachine machine = SimulatedMachine.ordinary();

  private AbstractThrowableAssert<?, ? extends Throwable> fault(TestDevice device) {
    return assertThatThrownBy(() -> machine.driver().cuStreamSynchronize(device.stream()))
        .isInstanceOf(DeviceFault.class);
  }

  private TestDevice device(String kernels) {
    return new TestDevice(machine, kernels);
  }

  @Test
  void memoryBehindTheEndIsNotWritten() {
    TestDevice device = device("faults.ptx");
    long memory = device.take(40);
    device.launch("writeAt", 1, 1, memory, 10);
    fault(device)
        .hasMessageContaining("Kernel writeAt, block [0, 0, 0], thread 0")
        .hasMessageContaining("accesses 4 bytes at 0x" + Long.toHexString(memory + 40))
        .hasMessageContaining("byte 40 of 40 bytes at 0x" + Long.toHexString(memory));
  }

  @Test
  void addressZeroIsNoMemory() {
    TestDevice device = device("faults.ptx");
    device.launch("writeAt", 1, 1, 0L, 0);
    fault(device).hasMessageContaining("at 0x0, where no memory was taken");
  }

  @Test
  void memoryThatWasGivenBackIsNotWritten() {
    TestDevice device = device("faults.ptx");
    long memory = device.take(40);
    TestDevice.check(machine.driver().cuMemFree_v2(memory));
    device.launch("writeAt", 1, 1, memory, 1);
    fault(device).hasMessageContaining("which were given back");
  }

  @Test
  void addressesAreAligned() {
    TestDevice device = device("faults.ptx");
    device.launch("readHalves", 1, 1, device.put(1, 2, 3), 2, device.take(4));
    fault(device).hasMessageContaining("which is not aligned");
  }

  @Test
  void endlessLoopsEnd() {
    TestDevice device = device("faults.ptx");
    machine.stepsPerLaunch(10_000);
    device.launch("endless", 1, 32, device.put(0));
    fault(device).hasMessageContaining("takes more than 10000 steps");
  }

  @Test
  void allThreadsWaitAtTheSameBarrier() {
    TestDevice device = device("faults.ptx");
    device.launch("differentBarriers", 1, 32, device.take(128));
    fault(device).hasMessageContaining("threads wait for each other at different barriers");
  }

  @Test
  void nothingIsDividedByZero() {
    TestDevice device = device("faults.ptx");
    device.launch("divide", 1, 1, device.put(7), 0);
    fault(device).hasMessageContaining("Kernel divide").hasMessageContaining("divides by zero");
  }

  @Test
  void sharedMemoryIsNotReadBeforeABarrier() {
    TestDevice device = device("memory.ptx");
    device.launch("unorderedSums", 1, 256, device.put(new float[256]), device.take(4), 256);
    fault(device).hasMessageContaining("reads what thread 128 wrote without a barrier between");
  }

  @Test
  void aKernelThatReadsWhatItsOtherThreadsWriteIsFoundWhereThatIsWatched() {
    TestDevice unwatched = device("faults.ptx");
    unwatched.launch("neighbours", 2, 32, unwatched.put(new int[65]));
    assertThat(machine.driver().cuStreamSynchronize(unwatched.stream())).isZero();
    machine.driver().cuDevicePrimaryCtxRelease_v2(0);
    machine.watchRaces();
    TestDevice device = device("faults.ptx");
    device.launch("neighbours", 2, 32, device.put(new int[65]));
    fault(device).hasMessageContaining("without a barrier between");
  }
}
