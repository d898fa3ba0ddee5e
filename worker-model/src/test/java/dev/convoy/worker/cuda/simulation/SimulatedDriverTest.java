package dev.convoy.worker.cuda.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.simulation.ptx.DeviceFault;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The simulated driver is as strict as the real one, and as lazy as it may be. */
class SimulatedDriverTest {
  private final SimulatedMachine machine = SimulatedMachine.ordinary();
  private final Driver driver = machine.driver();

  private static byte[] ptx(String version, String target, String rest) {
    return ".version %s\n.target %s\n.address_size 64\n%s"
        .formatted(version, target, rest)
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void nothingIsDoneBeforeTheBeginning() {
    assertThat(driver.cuDeviceGetCount(new int[1])).isEqualTo(DriverStatus.NOT_INITIALIZED);
    assertThat(driver.cuInit(0)).isZero();
    assertThat(driver.cuDeviceGetCount(new int[1])).isZero();
    assertThat(driver.cuMemAlloc_v2(new long[1], 8)).isEqualTo(DriverStatus.INVALID_CONTEXT);
  }

  @Test
  void aMachineWithoutDevicesSaysSo() {
    assertThat(new SimulatedMachine().driver().cuInit(0)).isEqualTo(DriverStatus.NO_DEVICE);
  }

  @Test
  void contextsBelongToThreads() throws InterruptedException {
    TestDevice device = new TestDevice(machine);
    assertThat(device.take(8)).isPositive();
    int[] status = new int[1];
    Thread other = new Thread(() -> status[0] = driver.cuMemAlloc_v2(new long[1], 8));
    other.start();
    other.join();
    assertThat(status[0]).isEqualTo(DriverStatus.INVALID_CONTEXT);
  }

  private static String text(byte[] bytes) {
    String all = new String(bytes, StandardCharsets.US_ASCII);
    return all.substring(0, all.indexOf(0));
  }

  @Test
  void devicesDescribeThemselves() {
    DeviceModel first = DeviceModel.ordinary();
    DeviceModel second = first.at("0000:3b:00.0").withCapability(9, 0).withMemory(1 << 20);
    Driver two = new SimulatedMachine(first, second).driver();
    two.cuInit(0);
    int[] number = new int[1];
    assertThat(two.cuDeviceGetCount(number)).isZero();
    assertThat(number[0]).isEqualTo(2);
    assertThat(two.cuDeviceGet(number, 2)).isEqualTo(DriverStatus.INVALID_DEVICE);
    assertThat(two.cuDeviceGet(number, 1)).isZero();
    int device = number[0];
    byte[] id = new byte[13];
    assertThat(two.cuDeviceGetPCIBusId(id, 13, device)).isZero();
    assertThat(text(id)).isEqualTo("0000:3b:00.0");
    byte[] name = new byte[100];
    assertThat(two.cuDeviceGetName(name, 100, device)).isZero();
    assertThat(text(name)).isEqualTo("Simulated GPU");
    two.cuDeviceGetAttribute(number, Driver.CAPABILITY_MAJOR, device);
    assertThat(number[0]).isEqualTo(9);
    long[] bytes = new long[1];
    two.cuDeviceTotalMem_v2(bytes, device);
    assertThat(bytes[0]).isEqualTo(1 << 20);
  }

  @Test
  void memoryEnds() {
    SimulatedMachine small = new SimulatedMachine(DeviceModel.ordinary().withMemory(1000));
    TestDevice device = new TestDevice(small);
    long[] address = new long[1];
    assertThat(small.driver().cuMemAlloc_v2(address, 700)).isZero();
    assertThat(small.driver().cuMemAlloc_v2(new long[1], 400)).isEqualTo(Driver.OUT_OF_MEMORY);
    long[] free = new long[1];
    small.driver().cuMemGetInfo_v2(free, new long[1]);
    assertThat(free[0]).isEqualTo(1000 - 768);
    assertThat(small.driver().cuMemFree_v2(address[0])).isZero();
    assertThat(small.driver().cuMemFree_v2(address[0])).isEqualTo(DriverStatus.INVALID_VALUE);
    assertThat(device.take(400)).isNotEqualTo(address[0]);
  }

  @Test
  void newMemoryIsNoNumber() {
    TestDevice device = new TestDevice(machine);
    long memory = device.take(8);
    assertThat(memory % 512).isEqualTo(256);
    assertThat(device.floats(memory, 2)).containsExactly(Float.NaN, Float.NaN);
  }

  @Test
  void copiesReadTheHostWhenTheStreamIsWaitedFor() {
    TestDevice device = new TestDevice(machine);
    long host = device.takeHost(4);
    Pointer bytes = new Pointer(host);
    long memory = device.take(4);
    bytes.setInt(0, 1);
    driver.cuMemcpyHtoDAsync_v2(memory, host, 4, device.stream());
    bytes.setInt(0, 2);
    driver.cuMemcpyDtoHAsync_v2(host, memory, 4, device.stream());
    bytes.setInt(0, 3);
    assertThat(driver.cuStreamSynchronize(device.stream())).isZero();
    assertThat(bytes.getInt(0)).isEqualTo(3);
    assertThat(device.ints(memory, 1)).containsExactly(3);
  }

  @Test
  void memoryIsFilledOnTheDevice() {
    TestDevice device = new TestDevice(machine);
    long memory = device.put(1, 2, 3, 4);
    driver.cuMemsetD8Async(memory + 4, (byte) 1, 4, device.stream());
    assertThat(device.ints(memory, 4)).containsExactly(1, 0x01010101, 3, 4);
  }

  @Test
  void copiesStayWithinMemoryThatWasTaken() {
    TestDevice device = new TestDevice(machine);
    long memory = device.take(8);
    long host = device.takeHost(16);
    long stream = device.stream();
    assertThatThrownBy(() -> driver.cuMemcpyHtoDAsync_v2(memory, host, 12, stream))
        .isInstanceOf(DeviceFault.class)
        .hasMessageContaining("cuMemcpyHtoDAsync_v2: accesses 12 bytes at 0x");
    assertThatThrownBy(() -> driver.cuMemcpyDtoHAsync_v2(host + 12, memory, 8, stream))
        .isInstanceOf(DeviceFault.class)
        .hasMessageContaining("which cuMemHostAlloc did not return");
  }

  @Test
  void streamsOfOneDeviceKnowNothingOfEachOther() {
    TestDevice device = new TestDevice(machine);
    long[] other = new long[1];
    driver.cuStreamCreate(other, Driver.NON_BLOCKING);
    long memory = device.put(7);
    driver.cuMemsetD8Async(memory, (byte) 0, 4, other[0]);
    assertThat(device.ints(memory, 1)).containsExactly(7);
    driver.cuStreamSynchronize(other[0]);
    assertThat(device.ints(memory, 1)).containsExactly(0);
  }

  @Test
  void aMarkIsWaitedForAloneAndMoves() {
    TestDevice device = new TestDevice(machine);
    long host = device.takeHost(4);
    Pointer bytes = new Pointer(host);
    long memory = device.put(7);
    long[] event = new long[1];
    TestDevice.check(driver.cuEventCreate(event, 2));
    TestDevice.check(driver.cuEventSynchronize(event[0]));
    driver.cuMemcpyDtoHAsync_v2(host, memory, 4, device.stream());
    TestDevice.check(driver.cuEventRecord(event[0], device.stream()));
    driver.cuMemsetD8Async(memory, (byte) 0, 4, device.stream());
    driver.cuMemcpyDtoHAsync_v2(host, memory, 4, device.stream());
    assertThat(bytes.getInt(0)).isEqualTo(-1);
    TestDevice.check(driver.cuEventSynchronize(event[0]));
    assertThat(bytes.getInt(0)).isEqualTo(7);
    TestDevice.check(driver.cuEventRecord(event[0], device.stream()));
    TestDevice.check(driver.cuEventSynchronize(event[0]));
    assertThat(bytes.getInt(0)).isZero();
    TestDevice.check(driver.cuEventDestroy_v2(event[0]));
    assertThat(driver.cuEventSynchronize(event[0])).isEqualTo(DriverStatus.INVALID_HANDLE);
  }

  @Test
  void givingMemoryBackWaitsForTheDevice() {
    TestDevice device = new TestDevice(machine);
    long memory = device.put(7);
    long host = device.takeHost(4);
    driver.cuMemcpyDtoHAsync_v2(host, memory, 4, device.stream());
    driver.cuMemFree_v2(memory);
    assertThat(new Pointer(host).getInt(0)).isEqualTo(7);
  }

  @Test
  void modulesThatAreNoPtxAreRefused() {
    TestDevice device = new TestDevice(machine);
    assertThat(device.load(ptx("7.0", "sm_50", "nonsense"))).isEqualTo(DriverStatus.INVALID_PTX);
    assertThat(machine.complaint()).contains("Line 4").contains("nonsense");
    assertThat(device.load(ptx("7.0", "sm_90", ""))).isEqualTo(DriverStatus.NO_BINARY_FOR_GPU);
    machine.driverVersion(11_020);
    assertThat(device.load(ptx("7.3", "sm_50", "")))
        .isEqualTo(DriverStatus.UNSUPPORTED_PTX_VERSION);
    assertThat(device.load(ptx("7.2", "sm_50", ""))).isZero();
    byte[] unknown = ptx("7.0", "sm_50", ".visible .entry k() { wmma.load.f16 %r; ret; }");
    assertThat(device.load(unknown)).isEqualTo(DriverStatus.INVALID_PTX);
    assertThat(machine.complaint()).contains("wmma.load.f16");
  }

  @Test
  void textsEndWithZero() {
    TestDevice device = new TestDevice(machine);
    assertThat(device.load(ptx("7.0", "sm_50", ""))).isZero();
    assertThatThrownBy(() -> driver.cuModuleLoadData(new long[1], ptx("7.0", "sm_50", "")))
        .hasMessageContaining("does not end with 0");
  }

  @Test
  void kernelsThatAreNotThereAreNotFound() {
    TestDevice device = new TestDevice(machine, "faults.ptx");
    byte[] name = "nobody\0".getBytes(StandardCharsets.US_ASCII);
    assertThat(driver.cuModuleGetFunction(new long[1], device.module(), name))
        .isEqualTo(DriverStatus.NOT_FOUND);
  }

  @Test
  void launchesKeepTheLimits() {
    TestDevice device = new TestDevice(machine, "faults.ptx");
    long memory = device.take(4);
    int invalid = DriverStatus.INVALID_VALUE;
    assertThat(device.launchWithShared("writeAt", 1, 1025, 0, memory, 0)).isEqualTo(invalid);
    assertThat(device.launchWithShared("writeAt", 0, 1, 0, memory, 0)).isEqualTo(invalid);
    assertThat(device.launchWithShared("writeAt", 1, 1, 50_000, memory, 0)).isEqualTo(invalid);
    assertThat(device.launchWithShared("writeAt", 1, 1, 0, memory)).isEqualTo(invalid);
    assertThat(device.launchWithShared("writeAt", 1, 1, 0, memory, 0)).isZero();
    assertThat(machine.launches()).isEmpty();
    assertThat(device.ints(memory, 1)).containsExactly(1);
    assertThat(machine.launches()).containsOnly(java.util.Map.entry("writeAt", 1));
  }

  @Test
  void anyCallFailsThatIsToldTo() {
    TestDevice device = new TestDevice(machine);
    machine.failing("cuMemAlloc_v2", 2, 700);
    assertThat(device.take(8)).isPositive();
    assertThat(driver.cuMemAlloc_v2(new long[1], 8)).isEqualTo(700);
    assertThat(device.take(8)).isPositive();
    assertThat(machine.calls("cuMemAlloc_v2")).isEqualTo(3);
    assertThat(machine.allocations()).isEqualTo(2);
  }

  @Test
  void whatIsNotGivenBackIsListed() {
    TestDevice device = new TestDevice(machine, "memory.ptx");
    assertThat(machine.allocations()).isZero();
    long memory = device.take(8);
    long host = device.takeHost(8);
    assertThat(machine.leaks())
        .containsExactlyInAnyOrder(
            "SimulatedContext",
            "SimulatedStream",
            "SimulatedModule",
            "1 regions of device memory",
            "1 regions of the host's memory");
    driver.cuMemFree_v2(memory);
    driver.cuMemFreeHost(host);
    driver.cuModuleUnload(device.module());
    driver.cuStreamDestroy_v2(device.stream());
    driver.cuDevicePrimaryCtxRelease_v2(0);
    assertThat(machine.leaks()).isEmpty();
  }

  @Test
  void kernelsOfAModuleThatIsGoneAreNotLaunched() {
    TestDevice device = new TestDevice(machine, "faults.ptx");
    long[] function = new long[1];
    byte[] name = "writeAt\0".getBytes(StandardCharsets.US_ASCII);
    driver.cuModuleGetFunction(function, device.module(), name);
    driver.cuModuleUnload(device.module());
    assertThat(
            driver.cuLaunchKernel(
                function[0], 1, 1, 1, 1, 1, 1, 0, device.stream(), 0, new long[0]))
        .isEqualTo(DriverStatus.INVALID_HANDLE);
  }
}
