package dev.convoy.worker.cuda.simulation.ptx;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What is in a PTX text.
 *
 * @param version of PTX that it needs, as major.minor
 * @param target the least capable device that it is for, such as sm_50
 * @param kernels by their names
 */
public record PtxModule(String version, String target, Map<String, PtxKernel> kernels) {
  private static final Map<String, PtxModule> READ = new ConcurrentHashMap<>();

  /**
   * Reads a text, or takes what was read of it before where it has no variables.
   *
   * @param placement where its variables go
   * @throws PtxException if it is not PTX or has something in it that is not known here
   */
  public static PtxModule parse(String text, PtxVariable.Placement placement) {
    PtxModule known = READ.get(text);
    if (known != null) {
      return known;
    }
    AtomicBoolean placed = new AtomicBoolean();
    PtxVariable.Placement noting =
        variable -> {
          placed.set(true);
          return placement.place(variable);
        };
    PtxModule module = new ModuleReader(new PtxTokens(text), noting).read();
    if (!placed.get()) {
      READ.put(text, module);
    }
    return module;
  }
}
