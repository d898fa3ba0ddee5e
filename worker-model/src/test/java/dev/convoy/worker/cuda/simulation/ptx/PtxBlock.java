package dev.convoy.worker.cuda.simulation.ptx;

import dev.convoy.data.Text;
import java.util.Arrays;
import java.util.List;

/**
 * A block of threads. Threads that are at the same instruction run it together; where they part at
 * a branch, those at the earliest instruction go on first, so that they meet again behind it.
 */
final class PtxBlock {
  private final PtxKernel kernel;
  private final PtxLaunch launch;
  private final PtxInstruction[] code;
  private final long[][] rows;
  private final int[] selected;
  private final PtxSchedule schedule;
  private final PtxMemory memory;
  private final long[] coordinates = new long[3];
  private long steps;

  PtxBlock(PtxKernel kernel, PtxLaunch launch, GlobalMemory global) {
    this.kernel = kernel;
    this.launch = launch;
    code = kernel.code().toArray(PtxInstruction[]::new);
    rows = new long[kernel.rows()][launch.threads()];
    selected = new int[launch.threads()];
    schedule = new PtxSchedule(this, launch.threads());
    memory = new PtxMemory(this, global);
    kernel.constants().forEach((value, row) -> Arrays.fill(rows[row], value));
  }

  PtxKernel kernel() {
    return kernel;
  }

  PtxLaunch launch() {
    return launch;
  }

  PtxSchedule schedule() {
    return schedule;
  }

  PtxMemory memory() {
    return memory;
  }

  /** A register's values, one a thread. */
  long[] row(int index) {
    return rows[index];
  }

  /** Runs all threads of the block at these coordinates. */
  void run(int x, int y, int z) {
    coordinates[0] = x;
    coordinates[1] = y;
    coordinates[2] = z;
    kernel.specials().forEach(this::fill);
    memory.begin();
    schedule.begin();
    while (schedule.choose()) {
      step(schedule.group());
    }
  }

  private void fill(PtxSpecial special, int row) {
    Arrays.setAll(rows[row], thread -> special.value(kernel, launch, coordinates, thread));
  }

  private void step(PtxGroup group) {
    PtxInstruction instruction = code[group.position()];
    group.moveTo(group.position() + 1);
    steps += group.count();
    if (steps > launch.steps()) {
      throw fault(group.threads()[0], "takes more than " + launch.steps() + " steps");
    }
    boolean all = instruction.guard() < 0;
    int count = all ? group.count() : select(instruction, group);
    if (count > 0) {
      run(instruction, all ? group.threads() : selected, count);
    }
  }

  private void run(PtxInstruction instruction, int[] threads, int count) {
    try {
      instruction.operation().run(this, threads, count);
    } catch (ArithmeticException e) {
      throw fault(threads[0], "divides by zero, which has no defined result");
    }
  }

  private int select(PtxInstruction instruction, PtxGroup group) {
    long[] guard = rows[instruction.guard()];
    long wanted = instruction.negated() ? 0 : 1;
    int[] threads = group.threads();
    int count = 0;
    for (int i = 0; i < group.count(); i++) {
      if ((guard[threads[i]] & 1) == wanted) {
        selected[count++] = threads[i];
      }
    }
    return count;
  }

  /** A fault of a thread in the instruction that runs. */
  DeviceFault fault(int thread, String message) {
    PtxInstruction instruction = code[schedule.group().position() - 1];
    return new DeviceFault(
        Text.of(
            "Kernel %s, block %s, thread %d, line %d (%s): %s",
            kernel.name(),
            Arrays.toString(coordinates),
            thread,
            instruction.line(),
            instruction.text(),
            message));
  }

  void requireAligned(int thread, long address, int size) {
    if ((address & (size - 1)) != 0) {
      throw fault(
          thread, Text.of("accesses %d bytes at 0x%x, which is not aligned", size, address));
    }
  }

  /** A fault of threads that wait for each other at different barriers. */
  DeviceFault divergedBarrier(List<PtxGroup> waiting) {
    List<Integer> lines =
        waiting.stream().map(group -> code[group.position() - 1].line()).distinct().toList();
    return new DeviceFault(
        Text.of(
            "Kernel %s, block %s: threads wait for each other at different barriers, in lines %s",
            kernel.name(), Arrays.toString(coordinates), lines));
  }
}
