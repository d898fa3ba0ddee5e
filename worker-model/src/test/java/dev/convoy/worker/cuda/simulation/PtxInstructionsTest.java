package dev.convoy.worker.cuda.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.worker.cuda.simulation.ptx.DeviceFault;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instructions that nvcc emits now and then, as the definition of PTX has them. */
class PtxInstructionsTest {
  private static final String FRAME =
      """
      .version 7.0
      .target sm_50
      .address_size 64
      .visible .entry k(.param .u64 to, .param .b32 x, .param .b32 y, .param .b32 z)
      {
        .reg .pred %p<8>;
        .reg .b16 %h<8>;
        .reg .b32 %r<16>;
        .reg .b64 %d<16>;
        ld.param.u64 %d15, [to];
        ld.param.u32 %r13, [x];
        ld.param.u32 %r14, [y];
        ld.param.u32 %r15, [z];
        mov.u32 %r0, %tid.x;
        mad.wide.u32 %d15, %r0, 8, %d15;
        mov.u32 %r0, 0;
        %s
        st.global.u64 [%d15], %d0;
        ret;
      }
      """;

  private final TestDevice device = new TestDevice(SimulatedMachine.ordinary());

  private void load(String body) {
    String text = FRAME.replace("%s", body);
    TestDevice.check(device.load(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private long[] results(int threads, int x, int y, int z) {
    long to = device.take(8L * threads);
    device.launch("k", 1, threads, to, x, y, z);
    return device.longs(to, threads);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bfe.u32 %r0, %r13, 4, 8 | 0x80F1234A | 0 | 0x34",
        "bfe.s32 %r0, %r13, 28, 4 | 0x80F1234A | 0 | 0xFFFFFFF8",
        "bfe.s32 %r0, %r13, 30, 8 | 0x80F1234A | 0 | 0xFFFFFFFE",
        "bfe.u32 %r0, %r13, 30, 8 | 0x80F1234A | 0 | 0x2",
        "bfe.u32 %r0, %r13, 40, 8 | 0x80F1234A | 0 | 0",
        "bfi.b32 %r0, %r13, %r14, 8, 12 | 0xABCDE | 0x11111111 | 0x111CDE11",
        "bfi.b32 %r0, %r13, %r14, 8, 0 | 0xABCDE | 0x11111111 | 0x11111111",
        "prmt.b32 %r0, %r13, %r14, 0x7210 | 0x44332211 | 0x88776655 | 0x88332211",
        "prmt.b32 %r0, %r13, %r14, 0x89F4 | 0x44332291 | 0x88776655 | 0xFF00FF55",
        "lop3.b32 %r0, %r13, %r14, %r15, 0xE2 | 0xFF00FF00 | 0x12345678 | 0x36007E00",
        "shf.l.wrap.b32 %r0, %r13, %r14, 36 | 0x87654321 | 0x12345678 | 0x23456788",
        "shf.r.wrap.b32 %r0, %r13, %r14, 4 | 0x87654321 | 0x12345678 | 0x88765432",
        "shf.l.clamp.b32 %r0, %r13, %r14, 40 | 0x87654321 | 0x12345678 | 0x87654321",
        "shf.r.clamp.b32 %r0, %r13, %r14, 40 | 0x87654321 | 0x12345678 | 0x12345678",
        "shl.b32 %r0, %r13, 32 | 0x87654321 | 0 | 0",
        "shr.s32 %r0, %r13, 77 | 0x87654321 | 0 | 0xFFFFFFFF",
        "cnot.b32 %r0, %r13 | 0 | 0 | 1",
        "mad.hi.u32 %r0, %r13, %r14, 5 | 0x80000000 | 6 | 8",
        "cvt.sat.u8.s32 %r0, %r13 | 300 | 0 | 255",
        "cvt.sat.u8.s32 %r0, %r13 | 0xFFFFFF00 | 0 | 0",
        "cvt.sat.s8.u32 %r0, %r13 | 0xFFFFFF00 | 0 | 127",
        "cvt.s32.s8 %r0, %r13 | 0x80 | 0 | 0xFFFFFF80",
        "cvt.rzi.u32.f32 %r0, %r13 | 0x4F900000 | 0 | 0xFFFFFFFF",
        "cvt.rzi.u32.f32 %r0, %r13 | 0xBF900000 | 0 | 0",
        "cvt.rni.s32.f32 %r0, %r13 | 0x7FC00000 | 0 | 0",
        "cvt.rn.f32.u32 %r0, %r13 | 0xFFFFFFFF | 0 | 0x4F800000",
        "cvt.rz.f32.u32 %r0, %r13 | 0xFFFFFFFF | 0 | 0x4F7FFFFF",
        "cvt.sat.f32.f32 %r0, %r13 | 0x7FC00000 | 0 | 0",
        "add.ftz.f32 %r0, %r13, %r14 | 0x00000005 | 0x80000005 | 0",
        "add.f32 %r0, %r13, %r14 | 0x00000005 | 0x00000005 | 0x0000000A",
        "mul.ftz.f32 %r0, %r13, %r14 | 0x00900000 | 0xBF000000 | 0x80000000",
        "add.sat.f32 %r0, %r13, %r14 | 0x3F400000 | 0x3F400000 | 0x3F800000",
        "max.f32 %r0, %r13, %r14 | 0x7FC00000 | 0xC0000000 | 0xC0000000",
        "min.f32 %r0, %r13, %r14 | 0x80000000 | 0 | 0x80000000",
        "sub.f32 %r0, %r13, %r14 | 0x7F800000 | 0x7F800000 | 0x7FFFFFFF",
        "neg.f32 %r0, %r13 | 0x7FC00001 | 0 | 0xFFC00001",
        "copysign.f32 %r0, %r13, %r14 | 0x80000000 | 0x3F800000 | 0xBF800000",
        "rcp.rn.f32 %r0, %r13 | 0x40400000 | 0 | 0x3EAAAAAB",
        "ex2.approx.ftz.f32 %r0, %r13 | 0x40400000 | 0 | 0x41000000",
        "lg2.approx.ftz.f32 %r0, %r13 | 0x41000000 | 0 | 0x40400000",
        "mov.b32 {%h0, %h1}, %r13; mov.b32 %r0, {%h1, %h0} | 0x12345678 | 0 | 0x56781234",
        "mul.wide.s16 %r0, %r13, %r14 | 0xFFFF | 3 | 0xFFFFFFFD",
        "add.cc.u32 %r1, %r13, %r14; addc.u32 %r0, 7, 0 | 0xFFFFFFFF | 1 | 8",
        "sub.cc.u32 %r1, %r13, %r14; subc.u32 %r0, 7, 0 | 0 | 1 | 6",
        "mad.lo.cc.u32 %r1, %r13, %r14, 1; madc.hi.u32 %r0, %r13, %r14, 0 | 0xFFFF | 0x10001 | 1",
      })
  void integersAndFloats(String instructions, String x, String y, String expected) {
    load(instructions + "; cvt.u64.u32 %d0, %r0;");
    int a = Integer.parseUnsignedInt(x.replace("0x", ""), x.startsWith("0x") ? 16 : 10);
    int b = Integer.parseUnsignedInt(y.replace("0x", ""), y.startsWith("0x") ? 16 : 10);
    assertThat("0x" + Long.toHexString(results(1, a, b, 0x34007800)[0]))
        .isEqualTo("0x" + Long.toHexString(Long.decode(expected.strip())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "setp.lt.s32 %p0, %r13, %r14 | 0xFFFFFFFF | 1 | 1",
        "setp.lt.u32 %p0, %r13, %r14 | 0xFFFFFFFF | 1 | 0",
        "setp.hi.u32 %p0, %r13, %r14 | 0xFFFFFFFF | 1 | 1",
        "setp.ne.f32 %p0, %r13, %r14 | 0x7FC00000 | 0 | 0",
        "setp.neu.f32 %p0, %r13, %r14 | 0x7FC00000 | 0 | 1",
        "setp.ltu.f32 %p0, %r13, %r14 | 0x7FC00000 | 0 | 1",
        "setp.geu.f32 %p0, %r13, %r14 | 0xBF800000 | 0 | 0",
        "setp.num.f32 %p0, %r13, %r14 | 0x7FC00000 | 0 | 0",
        "setp.nan.f32 %p0, %r13, %r14 | 0x7FC00000 | 0 | 1",
        "setp.eq.ftz.f32 %p0, %r13, %r14 | 1 | 0 | 1",
        "setp.eq.f32 %p0, %r13, %r14 | 0x80000000 | 0 | 1",
        "setp.eq.u32 %p1, 1, 1; setp.lt.and.s32 %p0, %r13, %r14, %p1 | 1 | 2 | 1",
        "setp.eq.u32 %p1, 1, 2; setp.lt.and.s32 %p0, %r13, %r14, %p1 | 1 | 2 | 0",
        "setp.eq.u32 %p1, 1, 2; setp.gt.or.s32 %p0, %r13, %r14, %p1 | 1 | 2 | 0",
        "setp.eq.u32 %p1, 1, 1; setp.lt.xor.s32 %p0, %r13, %r14, %p1 | 1 | 2 | 0",
        "testp.infinite.f32 %p0, %r13 | 0xFF800000 | 0 | 1",
        "testp.finite.f32 %p0, %r13 | 0x7FC00000 | 0 | 0",
        "testp.subnormal.f32 %p0, %r13 | 1 | 0 | 1",
        "testp.normal.f32 %p0, %r13 | 1 | 0 | 0",
        "testp.notanumber.f32 %p0, %r13 | 0x7FC00000 | 0 | 1",
        "setp.eq.u32 %p1, 1, 1; not.pred %p0, %p1 | 0 | 0 | 0",
      })
  void comparisons(String instructions, String x, String y, String expected) {
    integersAndFloats(instructions + "; selp.u32 %r0, 1, 0, %p0", x, y, expected);
  }

  @Test
  void comparisonsHaveASecondResult() {
    integersAndFloats("setp.lt.s32 %p1|%p0, %r13, %r14; selp.u32 %r0, 1, 0, %p0", "3", "2", "1");
  }

  @Test
  void jumpsGoToOneOfSeveralPlaces() {
    load(
        """
        mov.u32 %r1, %tid.x;
        places: .branchtargets first, second, third;
        brx.idx %r1, places;
        first: mov.u64 %d0, 10; bra.uni end;
        second: mov.u64 %d0, 20; bra.uni end;
        third: mov.u64 %d0, 30;
        end:
        """);
    assertThat(results(3, 0, 0, 0)).containsExactly(10, 20, 30);
  }

  private long[] shuffled(String mode, int threads) {
    load("mov.u32 %r1, %tid.x; shfl.sync." + mode + "; cvt.u64.u32 %d0, %r0;");
    return results(threads, 0, 0, 0);
  }

  @Test
  void warpsHandRegistersOnInAllWays() {
    long[] up = shuffled("up.b32 %r0, %r1, 2, 0, 0xFFFFFFFF", 64);
    long[] down = shuffled("down.b32 %r0, %r1, 3, 31, 0xFFFFFFFF", 64);
    long[] one = shuffled("idx.b32 %r0, %r1, 5, 31, 0xFFFFFFFF", 64);
    long[] halves = shuffled("bfly.b32 %r0, %r1, 1, 31, 0xFFFFFFFF", 64);
    long[] segments = shuffled("down.b32 %r0, %r1, 1, 0x1807, 0xFFFFFFFF", 64);
    for (int i = 0; i < 64; i++) {
      assertThat(up[i]).isEqualTo(i % 32 < 2 ? i : i - 2);
      assertThat(down[i]).isEqualTo(i % 32 > 28 ? i : i + 3);
      assertThat(one[i]).isEqualTo(i / 32 * 32 + 5);
      assertThat(halves[i]).isEqualTo(i ^ 1);
      assertThat(segments[i]).isEqualTo(i % 8 == 7 ? i : i + 1);
    }
  }

  @Test
  void aWarpThatWaitsForAThreadElsewhereIsFound() {
    load(
        """
        mov.u32 %r1, %tid.x;
        setp.lt.u32 %p0, %r1, 4;
        @%p0 bra end;
        shfl.sync.bfly.b32 %r0, %r1, 1, 31, 0xFFFFFFFF;
        end:
        """);
    assertThatThrownBy(() -> results(32, 0, 0, 0))
        .isInstanceOf(DeviceFault.class)
        .hasMessageContaining("waits for thread 0, which is elsewhere");
  }

  private static float rounded(BigDecimal exact, String mode) {
    float nearest = exact.floatValue();
    int above = new BigDecimal(nearest).compareTo(exact);
    return switch (mode) {
      case "rm" -> above > 0 ? Math.nextDown(nearest) : nearest;
      case "rp" -> above < 0 ? Math.nextUp(nearest) : nearest;
      case "rz" -> rounded(exact, exact.signum() > 0 ? "rm" : "rp");
      default -> nearest;
    };
  }

  @ParameterizedTest
  @CsvSource({"rn", "rm", "rp", "rz"})
  void sumsAndProductsRoundAsTheyAreTold(String mode) {
    load(
        "fma."
            + mode
            + ".f32 %r1, %r13, %r14, %r15; add."
            + mode
            + ".f32 %r2, %r13, %r15;"
            + " mov.b64 %d0, {%r1, %r2};");
    Random random = new Random(9);
    for (int i = 0; i < 200; i++) {
      float x = random.nextFloat() - 0.5f;
      float y = random.nextFloat() - 0.5f;
      float z = (float) ((random.nextFloat() - 0.5f) * Math.pow(2, random.nextInt(60) - 30));
      long result =
          results(1, Float.floatToIntBits(x), Float.floatToIntBits(y), Float.floatToIntBits(z))[0];
      BigDecimal product = new BigDecimal(x).multiply(new BigDecimal(y)).add(new BigDecimal(z));
      BigDecimal sum = new BigDecimal(x).add(new BigDecimal(z));
      assertThat(Float.intBitsToFloat((int) result)).isEqualTo(rounded(product, mode));
      assertThat(Float.intBitsToFloat((int) (result >> 32))).isEqualTo(rounded(sum, mode));
    }
  }
}
