package dev.convoy.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** In a process of its own: how memory lies in this one depends on the tests before. */
@EnabledOnOs(OS.LINUX)
class HeapRoomTest {
  private static final int SMALL = 24;
  private static final int NEAR_THE_END = 1000;

  @Test
  void thereIsMemoryBehindTheLastBlockOfAThreadsArena() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HeapRoomTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();

    String[] behind =
        output.strip().lines().reduce((first, last) -> last).orElseThrow().split(" ", 2);
    assertThat(Long.parseLong(behind[0])).isLessThan(NEAR_THE_END);
    assertThat(Long.parseLong(behind[1])).isGreaterThan(HeapRoom.BYTES);
  }

  /** Prints how much memory there is behind the last block of a thread's arena, and with room. */
  public static void main(String[] arguments) throws Exception {
    Thread thread =
        new Thread(
            () -> {
              List<BytePointer> blocks = new ArrayList<>();
              long before = Long.MAX_VALUE;
              while (before >= NEAR_THE_END) {
                long more = blocks.isEmpty() ? 0 : before / (4 * SMALL);
                for (long i = 0; i <= more; i++) {
                  blocks.add(new BytePointer(SMALL));
                }
                before = behind(blocks);
              }
              HeapRoom.make();
              System.out.println(before + " " + behind(blocks));
            });
    thread.start();
    thread.join();
  }

  /** Bytes from the last block to the end of the part of the address space that it lies in. */
  private static long behind(List<BytePointer> blocks) {
    long address = blocks.get(blocks.size() - 1).address();
    try {
      for (String mapping : Files.readAllLines(Path.of("/proc/self/maps"))) {
        String[] ends = mapping.substring(0, mapping.indexOf(' ')).split("-", 2);
        long offset = address - Long.parseUnsignedLong(ends[0], 16);
        long behind = Long.parseUnsignedLong(ends[1], 16) - address;
        if (offset >= 0 && behind > 0) {
          return behind;
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("memory that is not mapped");
  }
}
