package dev.convoy.clusters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.driver.directory.RecordChecksum;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/** Somebody who reads the files of a run over and over while it goes on, and notes broken ones. */
final class StoreWatch implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PAUSE_MILLIS = 20;

  private final S3Objects objects;
  private final String run;
  private final List<String> broken = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::watch, "store-watch");
  private volatile boolean ends;
  private final AtomicInteger read = new AtomicInteger();

  StoreWatch(S3Objects objects, String run) {
    this.objects = objects;
    this.run = run;
    thread.start();
  }

  /** What was broken. */
  List<String> broken() {
    return broken;
  }

  /** How many files were read. */
  int read() {
    return read.get();
  }

  /** How many rounds the latest checkpoint has behind it; 0 without one. */
  static int checkpointedRounds(S3Objects objects, String run) {
    return objects.list(run + "/checkpoints/checkpoint-").stream()
        .map(key -> key.replaceAll(".*checkpoint-0*(\\d+)\\.bin", "$1"))
        .mapToInt(Integer::parseInt)
        .max()
        .orElse(0);
  }

  private void watch() {
    try {
      while (!ends) {
        for (String key : objects.list(run + "/")) {
          Optional<byte[]> content = objects.get(key);
          if (content.isPresent() && !isWhole(key, content.get())) {
            broken.add(key + ", " + content.get().length + " bytes");
          }
          read.incrementAndGet();
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | AssertionError e) {
      broken.add("watching: " + e);
    }
  }

  private static boolean isWhole(String key, byte[] content) {
    if (key.matches(".*/checkpoint-\\d+\\.bin")) {
      return isWholeCheckpoint(content);
    }
    if (key.endsWith("/metrics.jsonl")) {
      String text = new String(content, StandardCharsets.UTF_8);
      return text.isEmpty() || (text.endsWith("\n") && text.lines().allMatch(StoreWatch::isRecord));
    }
    return !key.endsWith(".tmp") || key.contains("/.lock.");
  }

  /** The last eight bytes are the checksum of those before. */
  private static boolean isWholeCheckpoint(byte[] content) {
    int end = content.length - Long.BYTES;
    if (end < 0) {
      return false;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(content, 0, end);
    return ByteBuffer.wrap(content, end, Long.BYTES).getLong() == checksum.getValue();
  }

  private static boolean isRecord(String line) {
    try {
      return RecordChecksum.verified(JSON.readTree(line)).isPresent();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  @Override
  public void close() {
    ends = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
