package dev.convoy.worker.natives;

import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pages of 2 MB for memory outside of Java's heap, where Linux gives them to who asks: with small
 * ones a processor looks up thousands of places while it goes once through a batch. Whether memory
 * is in large pages changes nothing but time.
 */
public final class LargePages {
  private static final Path SETTINGS = Path.of("/sys/kernel/mm/transparent_hugepage");

  /** Where pages are larger, as on some ARM systems, a network would not fill one. */
  private static final long MOST = 32L << 20;

  /** The number of this advice is the same on all of Linux's processors. */
  private static final int MADV_HUGEPAGE = 14;

  private static final Offer OFFER = Offer.in(SETTINGS);

  private LargePages() {}

  /** Who gets large pages. */
  public enum Mode {
    /** Nobody: another system, or a kernel without them. */
    NONE,
    /** Nobody, by its administrator's decision. */
    NEVER,
    /** Who asks. */
    ON_REQUEST,
    /** Everybody. */
    ALWAYS
  }

  /**
   * What the kernel says of its large pages.
   *
   * @param bytes of one, a power of two; 0 where there are none
   */
  public record Offer(Mode mode, long bytes) {
    /**
     * By the kernel's settings.
     *
     * @param settings folder of its files {@code enabled}, all modes with brackets around the one
     *     in use, and {@code hpage_pmd_size}
     */
    static Offer in(Path settings) {
      try {
        String modes = Files.readString(settings.resolve("enabled"));
        long bytes = Long.parseLong(Files.readString(settings.resolve("hpage_pmd_size")).strip());
        return Long.bitCount(bytes) == 1 ? new Offer(mode(modes), bytes) : new Offer(Mode.NONE, 0);
      } catch (IOException | NumberFormatException e) {
        return new Offer(Mode.NONE, 0);
      }
    }

    private static Mode mode(String modes) {
      if (modes.contains("[never]")) {
        return Mode.NEVER;
      }
      return modes.contains("[always]") ? Mode.ALWAYS : Mode.ON_REQUEST;
    }

    /** Whether networks lie in them. */
    public boolean isForNetworks() {
      return (mode == Mode.ON_REQUEST || mode == Mode.ALWAYS) && bytes <= MOST;
    }
  }

  /** What this process's kernel says. */
  public static Offer offer() {
    return OFFER;
  }

  /** How many bytes a large page has, a power of two; 0 where there are none to ask for. */
  public static long size() {
    return OFFER.isForNetworks() ? OFFER.bytes() : 0;
  }

  /**
   * Asks for large pages for memory that nothing was written to yet. Only whole ones are asked for,
   * so that no more memory is taken than without. A kernel may refuse, and nobody is told.
   *
   * @param address where the memory begins, a multiple of {@link #size}
   * @param bytes how much it is
   */
  public static void ask(long address, long bytes) {
    long whole = size() == 0 ? 0 : bytes - bytes % size();
    if (whole > 0) {
      NativeLibrary.getProcess()
          .getFunction("madvise")
          .invokeInt(new Object[] {new Pointer(address), new NativeLong(whole), MADV_HUGEPAGE});
    }
  }
}
