package dev.convoy.worker.cuda.simulation.ptx;

import java.util.Map;

/**
 * What is in a PTX text.
 *
 * @param version of PTX that it needs, as major.minor
 * @param target the least capable device that it is for, such as sm_50
 * @param kernels by their names
 */
public record PtxModule(String version, String target, Map<String, PtxKernel> kernels) {
  /**
   * Reads a text.
   *
   * @param placement where its variables go
   * @throws PtxException if it is not PTX or has something in it that is not known here
   */
  public static PtxModule parse(String text, PtxVariable.Placement placement) {
    return new ModuleReader(new PtxTokens(text), placement).read();
  }
}
