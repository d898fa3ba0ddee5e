package dev.convoy.worker.natives;

import com.sun.jna.NativeLibrary;
import java.util.Locale;
import java.util.Map;

/**
 * What processors of several kinds are held to, so that all compute the same: libraries use these
 * instructions and no wider ones.
 */
public enum InstructionSetLimit {
  /** Every process uses what its processor has. */
  AUTO("", ""),
  /** AVX2: every processor that Convoy's libraries run on. */
  AVX2("AVX2", "HASWELL"),
  /** AVX-512 without what later processors add to it. */
  AVX512("AVX512_CORE", "SKYLAKEX");

  private final String oneDnn;
  private final String openBlas;

  InstructionSetLimit(String oneDnn, String openBlas) {
    this.oneDnn = oneDnn;
    this.openBlas = openBlas;
  }

  /** Its name in configurations. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The widest that processes with these instruction sets can all be held to. */
  public static InstructionSetLimit common(Iterable<InstructionSet> instructionSets) {
    for (InstructionSet instructionSet : instructionSets) {
      if (!instructionSet.oneDnn().startsWith("avx512_core")) {
        return AVX2;
      }
    }
    return AVX512;
  }

  /** Environment variables that processes are to be started with. */
  public Map<String, String> environment() {
    return this == AUTO
        ? Map.of()
        : Map.of("DNNL_MAX_CPU_ISA", oneDnn, "OPENBLAS_CORETYPE", openBlas);
  }

  /**
   * Holds this process to it, if its native libraries have not been loaded yet.
   *
   * @throws NativeLibrariesException if this platform has no way to
   */
  public void impose() {
    environment().forEach(InstructionSetLimit::setEnvironment);
  }

  /** Native libraries see it; Java's own copy of the environment does not change. */
  private static void setEnvironment(String name, String value) {
    try {
      NativeLibrary.getProcess().getFunction("setenv").invokeInt(new Object[] {name, value, 1});
    } catch (LinkageError e) {
      throw new NativeLibrariesException(
          "Cannot set " + name + "=" + value + " on this platform: set it before the start.", e);
    }
  }

  /** Whether a process that computes with these instructions is held to exactly this. */
  public boolean isMetBy(InstructionSet instructionSet) {
    return this == AUTO
        || (instructionSet.oneDnn().equalsIgnoreCase(oneDnn)
            && instructionSet.blas().equalsIgnoreCase(openBlas));
  }
}
