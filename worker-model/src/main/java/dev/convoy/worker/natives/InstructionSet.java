package dev.convoy.worker.natives;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/**
 * The processor instructions that a process computes with: native libraries choose kernels by the
 * processor that they find. Kernels for different instructions round differently, so processes
 * whose instruction sets differ do not come to the same bits.
 *
 * @param oneDnn the widest instruction set that oneDNN uses, by its own name, such as {@code avx2}
 *     or {@code avx512_core_amx}, and whose processor has it where that decides what is faster;
 *     {@code none} where oneDNN is missing
 * @param blas the processor that OpenBLAS has chosen its kernels for, by its own name, such as
 *     {@code Haswell} or {@code SkylakeX}; {@code unknown} for another library
 */
public record InstructionSet(String oneDnn, String blas) implements Serializable {
  private static final String AMX = "avx512_core_amx";
  private static final String BFLOAT16 = "avx512_core_bf16";
  private static final String BFLOAT16_OF_AMD = BFLOAT16 + " of AMD";

  /** What this process computes with; loads the native libraries if that has not happened yet. */
  public static InstructionSet inUse() {
    return InUse.VALUE;
  }

  /**
   * Whether networks in bfloat16 are faster than in single precision: with AMX, and with AVX-512
   * BF16 on AMD's processors; on Intel's they were slower. Measured: docs/results.md.
   */
  public boolean hasFastBfloat16() {
    return oneDnn.equals(AMX) || oneDnn.equals(BFLOAT16_OF_AMD);
  }

  /**
   * Whether many small products of matrices are taken for gradients of images of few channels: with
   * AVX-512 on Intel's processors, where they were as fast as other loops or faster; on AMD's of
   * the Zen 5 generation they had been slower. Not with {@code avx512_core}, which processors of
   * both are held to so that they come to the same bits. Measured: docs/results.md.
   */
  public boolean hasFastSmallProducts() {
    return oneDnn.startsWith("avx512_core_") && !oneDnn.equals(BFLOAT16_OF_AMD);
  }

  /** Three numbers; other versions have other kernels. */
  public static String oneDnnVersion() {
    return dnnl.DNNL_VERSION_MAJOR + "." + dnnl.DNNL_VERSION_MINOR + "." + dnnl.DNNL_VERSION_PATCH;
  }

  /** For a person, and for files: the same for equal instruction sets alone. */
  @Override
  public String toString() {
    return "oneDNN " + oneDnn + ", OpenBLAS " + blas;
  }

  private static String ofOneDnn() {
    try {
      Loader.load(dnnl.class);
      return switch (dnnl.dnnl_get_effective_cpu_isa()) {
        case dnnl.dnnl_cpu_isa_sse41 -> "sse41";
        case dnnl.dnnl_cpu_isa_avx -> "avx";
        case dnnl.dnnl_cpu_isa_avx2 -> "avx2";
        case dnnl.dnnl_cpu_isa_avx2_vnni -> "avx2_vnni";
        case dnnl.dnnl_cpu_isa_avx512_mic -> "avx512_mic";
        case dnnl.dnnl_cpu_isa_avx512_mic_4ops -> "avx512_mic_4ops";
        case dnnl.dnnl_cpu_isa_avx512_core -> "avx512_core";
        case dnnl.dnnl_cpu_isa_avx512_core_vnni -> "avx512_core_vnni";
        case dnnl.dnnl_cpu_isa_avx512_core_bf16 -> isOfAmd() ? BFLOAT16_OF_AMD : BFLOAT16;
        case dnnl.dnnl_cpu_isa_avx512_core_fp16 -> "avx512_core_fp16";
        case dnnl.dnnl_cpu_isa_avx512_core_amx -> AMX;
        default -> "isa " + dnnl.dnnl_get_effective_cpu_isa();
      };
    } catch (LinkageError | RuntimeException e) {
      return "none";
    }
  }

  /** False, too, where the system does not tell. */
  private static boolean isOfAmd() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.anyMatch(line -> line.startsWith("vendor_id") && line.endsWith("AuthenticAMD"));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static String ofBlas() {
    return Loader.getLoadedLibraries().entrySet().stream()
        .filter(library -> library.getKey().startsWith("openblas"))
        .map(Map.Entry::getValue)
        .sorted()
        .findFirst()
        .map(InstructionSet::openBlasCore)
        .orElse("unknown");
  }

  /** ND4J and the bindings of OpenBLAS have no name for this function of it. */
  private static String openBlasCore(String path) {
    try {
      Object[] noArguments = {};
      return NativeLibrary.getInstance(path)
          .getFunction("openblas_get_corename")
          .invokeString(noArguments, false);
    } catch (LinkageError e) {
      return "unknown";
    }
  }

  /** Asked once: libraries choose when they are loaded. */
  private static final class InUse {
    static final InstructionSet VALUE = find();

    private static InstructionSet find() {
      NativeLibraries.load();
      return new InstructionSet(ofOneDnn(), ofBlas());
    }
  }
}
