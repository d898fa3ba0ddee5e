package dev.convoy.worker.cuda.simulation.ptx;

/**
 * How a kernel is to run.
 *
 * @param arguments packed as the kernel declares its parameters
 * @param steps how many instructions of single threads it may take
 */
public record PtxLaunch(
    int gridX,
    int gridY,
    int gridZ,
    int blockX,
    int blockY,
    int blockZ,
    int dynamicSharedBytes,
    byte[] arguments,
    long steps) {
  int threads() {
    return blockX * blockY * blockZ;
  }
}
