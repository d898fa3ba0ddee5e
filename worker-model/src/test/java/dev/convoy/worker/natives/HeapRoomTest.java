package dev.convoy.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class HeapRoomTest {
  private static final int SMALL = 24;

  /** Less than the room, and nearly nothing. */
  private static final int NEAR_THE_END = 1000;

  @Test
  void thereIsMemoryBehindTheLastBlockOfAThreadsArena() {
    inNewThread(
        () -> {
          List<BytePointer> blocks = upToTheEnd();
          BytePointer last = blocks.get(blocks.size() - 1);
          assertThat(behind(last)).isLessThan(NEAR_THE_END);

          HeapRoom.make();

          assertThat(behind(last)).isGreaterThan(HeapRoom.BYTES);
          blocks.forEach(BytePointer::close);
        });
  }

  @Test
  void holesDoNotTakeTheRoomsPlace() {
    inNewThread(
        () -> {
          BytePointer[] holes = new BytePointer[50];
          for (int i = 0; i < holes.length; i++) {
            holes[i] = new BytePointer(50_000);
          }
          List<BytePointer> blocks = upToTheEnd();
          for (BytePointer hole : holes) {
            hole.close();
          }
          BytePointer last = blocks.get(blocks.size() - 1);

          HeapRoom.make();

          assertThat(behind(last)).isGreaterThan(HeapRoom.BYTES);
          blocks.forEach(BytePointer::close);
        });
  }

  @Test
  void theArenaStaysAsItIsWhereThereIsRoomAlready() {
    inNewThread(
        () -> {
          BytePointer block = new BytePointer(SMALL);
          HeapRoom.make();
          long behind = behind(block);

          for (int i = 0; i < 100; i++) {
            HeapRoom.make();
          }

          assertThat(behind(block)).isBetween(behind - 1, behind + HeapRoom.BYTES);
          block.close();
        });
  }

  /** Small blocks until the last lies near the end of what the thread's arena has. */
  private static List<BytePointer> upToTheEnd() {
    List<BytePointer> blocks = new ArrayList<>();
    do {
      long left = blocks.isEmpty() ? 0 : behind(blocks.get(blocks.size() - 1));
      for (long i = 0; i <= (left - NEAR_THE_END) / (2 * SMALL); i++) {
        blocks.add(new BytePointer(SMALL));
      }
      blocks.add(new BytePointer(SMALL));
    } while (behind(blocks.get(blocks.size() - 1)) >= NEAR_THE_END);
    return blocks;
  }

  private static long behind(BytePointer block) {
    return HeapRoom.Mapping.of(block).bytesFrom(block);
  }

  private static void inNewThread(Runnable work) {
    assertThat(Files.isReadable(Path.of("/proc/self/maps"))).isTrue();
    CompletableFuture.runAsync(work, task -> new Thread(task).start()).join();
  }
}
