package dev.convoy.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargePagesTest {
  @TempDir Path settings;

  @Test
  void areAsLargeAsTheKernelSays() throws IOException {
    write("always [madvise] never", "2097152");

    assertThat(offer()).isEqualTo(new LargePages.Offer(LargePages.Mode.ON_REQUEST, 2 << 20));
    assertThat(offer().isForNetworks()).isTrue();

    write("[always] madvise never", "2097152");
    assertThat(offer()).isEqualTo(new LargePages.Offer(LargePages.Mode.ALWAYS, 2 << 20));
    assertThat(offer().isForNetworks()).isTrue();
  }

  @Test
  void areNotAskedForWhereTheAdministratorForbidsThem() throws IOException {
    write("always madvise [never]", "2097152");

    assertThat(offer()).isEqualTo(new LargePages.Offer(LargePages.Mode.NEVER, 2 << 20));
    assertThat(offer().isForNetworks()).isFalse();
  }

  @Test
  void areNotAskedForWhereTheKernelSaysNothingOfUse() throws IOException {
    LargePages.Offer none = new LargePages.Offer(LargePages.Mode.NONE, 0);
    assertThat(offer()).isEqualTo(none);

    write("always [madvise] never", "many");
    assertThat(offer()).isEqualTo(none);

    write("always [madvise] never", "0");
    assertThat(offer()).isEqualTo(none);
    assertThat(none.isForNetworks()).isFalse();
  }

  @Test
  void areNotAskedForWhereNoNetworkWouldFillOne() throws IOException {
    write("always [madvise] never", Long.toString(512L << 20));

    assertThat(offer().mode()).isEqualTo(LargePages.Mode.ON_REQUEST);
    assertThat(offer().isForNetworks()).isFalse();
  }

  @Test
  void areAskedForOfWholePagesAlone() throws IOException {
    long page = LargePages.size();
    assumeThat(page).as("bytes of a large page of this kernel").isPositive();
    // Not from the C library, which may give again what somebody has asked large pages for.
    long bytes = 4 * page;
    Pointer memory = fresh(bytes);
    try {
      long skipped = Math.floorMod(-Pointer.nativeValue(memory), page);
      long begin = Pointer.nativeValue(memory) + skipped;

      LargePages.ask(begin, 2 * page + 100);

      // The flag hg: large pages are asked for here, whether the kernel has any left or not.
      assertThat(flags(begin)).contains("hg");
      assertThat(flags(begin + 2 * page - 1)).contains("hg");
      assertThat(flags(begin + 2 * page)).doesNotContain("hg");
      memory.setFloat(skipped, 1.5F);
      assertThat(memory.getFloat(skipped)).isEqualTo(1.5F);
    } finally {
      Function unmap = NativeLibrary.getProcess().getFunction("munmap");
      unmap.invokeInt(new Object[] {memory, new NativeLong(bytes)});
    }
  }

  private LargePages.Offer offer() {
    return LargePages.Offer.in(settings);
  }

  private void write(String modes, String size) throws IOException {
    Files.writeString(settings.resolve("enabled"), modes + "\n");
    Files.writeString(settings.resolve("hpage_pmd_size"), size + "\n");
  }

  /** Memory of this process alone that it can read and write, which nobody has had before. */
  private static Pointer fresh(long bytes) {
    int readAndWrite = 3;
    int privateAndOfNoFile = 0x22;
    return NativeLibrary.getProcess()
        .getFunction("mmap")
        .invokePointer(
            new Object[] {
              Pointer.NULL,
              new NativeLong(bytes),
              readAndWrite,
              privateAndOfNoFile,
              -1,
              new NativeLong(0)
            });
  }

  /** What the kernel knows of the memory at an address of this process. */
  private static List<String> flags(long address) throws IOException {
    boolean isHere = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      String[] words = line.split("[ -]", 3);
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        isHere =
            Long.parseUnsignedLong(words[0], 16) <= address
                && address < Long.parseUnsignedLong(words[1], 16);
      } else if (isHere && line.startsWith("VmFlags:")) {
        return List.of(line.substring("VmFlags:".length()).strip().split(" "));
      }
    }
    throw new AssertionError("Nothing lies there");
  }
}
