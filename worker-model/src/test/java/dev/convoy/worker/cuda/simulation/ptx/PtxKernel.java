package dev.convoy.worker.cuda.simulation.ptx;

import java.util.List;
import java.util.Map;

/**
 * A kernel ready to run. Each of its registers, constants and special registers is a row of values,
 * one a thread.
 *
 * @param parameterBytes of its packed arguments
 * @param maximumThreads a block may have
 * @param rows how many there are
 * @param constants rows that hold a value
 * @param specials rows that a thread finds filled
 * @param sharedBytes of the variables that a block shares
 * @param localBytes of a thread's variables in memory
 */
public record PtxKernel(
    String name,
    int parameterBytes,
    int maximumThreads,
    int rows,
    Map<Long, Integer> constants,
    Map<PtxSpecial, Integer> specials,
    int sharedBytes,
    int localBytes,
    List<PtxInstruction> code) {
  int dynamicSharedStart() {
    return (sharedBytes + 15) / 16 * 16;
  }

  /** Bytes of shared memory that a block takes. */
  public int sharedBytes(int dynamicSharedBytes) {
    return dynamicSharedBytes == 0 ? sharedBytes : dynamicSharedStart() + dynamicSharedBytes;
  }

  /**
   * Runs all blocks, one after the other.
   *
   * @throws DeviceFault if a device would end it
   */
  public void run(PtxLaunch launch, GlobalMemory memory) {
    PtxBlock block = new PtxBlock(this, launch, memory);
    for (int z = 0; z < launch.gridZ(); z++) {
      for (int y = 0; y < launch.gridY(); y++) {
        for (int x = 0; x < launch.gridX(); x++) {
          block.run(x, y, z);
        }
      }
    }
  }
}
