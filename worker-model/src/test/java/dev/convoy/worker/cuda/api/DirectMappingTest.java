package dev.convoy.worker.cuda.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The way in which the libraries are bound, with one that every machine has. */
@EnabledOnOs(OS.LINUX)
class DirectMappingTest {
  /** Calls of the kinds that {@link Driver} and its like have. */
  private interface Calls {
    long strlen(byte[] text);

    double frexp(double value, int[] exponent);

    int memcmp(float[] one, float[] other, long bytes);

    long malloc(long bytes);

    long memcpy(long to, long[] from, long bytes);

    long memset(long[] at, int value, long bytes);

    int bcmp(long[] one, long other, long bytes);

    void free(long address);
  }

  private static final class Bound implements Calls {
    Bound(NativeLibrary library) {
      Native.register(Bound.class, library);
    }

    @Override
    public native long strlen(byte[] text);

    @Override
    public native double frexp(double value, int[] exponent);

    @Override
    public native int memcmp(float[] one, float[] other, long bytes);

    @Override
    public native long malloc(long bytes);

    @Override
    public native long memcpy(long to, long[] from, long bytes);

    @Override
    public native long memset(long[] at, int value, long bytes);

    @Override
    public native int bcmp(long[] one, long other, long bytes);

    @Override
    public native void free(long address);
  }

  /** Has one function that is there, and two that are not. */
  private static final class Incomplete {
    native int abs(int value);

    native int notThere(int value);

    native int missing();
  }

  @Test
  void methodsOfAnObjectAreFunctionsOfALibrary() {
    Calls calls = new Bound(NativeLibrary.getProcess());
    assertThat(calls.strlen("seven..\0".getBytes(StandardCharsets.UTF_8))).isEqualTo(7);
    int[] exponent = new int[1];
    assertThat(calls.frexp(12, exponent)).isEqualTo(0.75);
    assertThat(exponent).containsExactly(4);
    assertThat(calls.memcmp(new float[] {1, 2}, new float[] {1, 2}, 8)).isZero();
    assertThat(calls.memcmp(new float[] {1, 2}, new float[] {1, 3}, 8)).isNotZero();
    long[] changed = new long[2];
    calls.memset(changed, 1, 8);
    assertThat(changed).containsExactly(0x0101010101010101L, 0);
  }

  @Test
  void addressesAreNumbers() {
    Calls calls = new Bound(NativeLibrary.getProcess());
    long address = calls.malloc(16);
    try {
      long[] values = {-1, 4711};
      assertThat(calls.memcpy(address, values, 16)).isEqualTo(address);
      assertThat(calls.bcmp(values, address, 16)).isZero();
    } finally {
      calls.free(address);
    }
  }

  @Test
  void allFunctionsThatALibraryLacksAreNamed() {
    assertThatThrownBy(
            () ->
                InstalledLibraries.bound(
                    NativeLibrary.getInstance("libc.so.6"),
                    Incomplete.class,
                    library -> new Incomplete(),
                    "a newer one"))
        .isInstanceOf(LibraryException.class)
        .hasMessageEndingWith("libc.so.6 lacks missing, notThere: expected a newer one.");
  }
}
