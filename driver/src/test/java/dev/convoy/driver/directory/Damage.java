package dev.convoy.driver.directory;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** What disks, editors and other programs do to files, drawn from a seed. */
public final class Damage {
  private static final int KINDS = 9;

  private final Random random;

  /** The same damage for the same seed. */
  public Damage(long seed) {
    this.random = new Random(seed);
  }

  /**
   * How many files to damage in a test: 10,000, or as many as the system property {@code
   * convoy.fuzz} says.
   */
  public static int count() {
    return Integer.getInteger("convoy.fuzz", 10_000);
  }

  /** A damaged copy; sometimes the same bytes. */
  public byte[] of(byte[] file) {
    byte[] damaged = file;
    int times = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
    for (int i = 0; i < times; i++) {
      damaged = once(damaged);
    }
    return damaged;
  }

  private byte[] once(byte[] file) {
    if (file.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(file.length);
    int to = Math.min(file.length, at + 1 + random.nextInt(random.nextBoolean() ? 4 : 200));
    return switch (random.nextInt(KINDS)) {
      case 0 -> flipped(file, at, 1 << random.nextInt(8));
      case 1 -> flipped(file, at, 1 + random.nextInt(255));
      case 2 -> Arrays.copyOf(file, at);
      case 3 -> joined(file, 0, at, new byte[0], to);
      case 4 -> joined(file, 0, at, Arrays.copyOfRange(file, at, to), at);
      case 5 -> joined(file, 0, at, new byte[to - at], to);
      case 6 -> {
        byte[] noise = new byte[1 + random.nextInt(40)];
        random.nextBytes(noise);
        yield joined(file, 0, at, noise, at);
      }
      case 7 -> digit(file, at);
      default -> joined(file, 0, at, new byte[] {'\n'}, random.nextBoolean() ? at : to);
    };
  }

  private static byte[] flipped(byte[] file, int at, int bits) {
    byte[] damaged = file.clone();
    damaged[at] ^= (byte) bits;
    return damaged;
  }

  /** Another digit in a number, which stays one. */
  private byte[] digit(byte[] file, int from) {
    byte[] damaged = file.clone();
    for (int at = from; at < file.length; at++) {
      if (Character.isDigit(file[at])) {
        damaged[at] = (byte) ('0' + random.nextInt(10));
        return damaged;
      }
    }
    return damaged;
  }

  private static byte[] joined(byte[] file, int from, int to, byte[] middle, int rest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, from, to - from);
    out.writeBytes(middle);
    out.write(file, rest, file.length - rest);
    return out.toByteArray();
  }
}
