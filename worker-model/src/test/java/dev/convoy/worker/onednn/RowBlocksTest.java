package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.backend.Precision;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.dnnl.memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights that are brought from blocks into rows where they lie. */
class RowBlocksTest {
  static Stream<Arguments> layouts() {
    return Stream.of(
        Arguments.of("OIhw16i16o", memory.format_tag.ABcd16b16a, new long[] {48, 32, 3, 3}),
        Arguments.of("OIhw16o16i", memory.format_tag.ABcd16a16b, new long[] {32, 32, 1, 1}),
        Arguments.of("OIhw8i8o", memory.format_tag.ABcd8b8a, new long[] {24, 8, 5, 2}),
        Arguments.of("Ohwi16o", memory.format_tag.Acdb16a, new long[] {64, 3, 3, 3}),
        Arguments.of("Ohwi8o", memory.format_tag.Acdb8a, new long[] {8, 7, 3, 1}));
  }

  private static memory.desc layout(memory.format_tag tag, long... dimensions) {
    return new memory.desc(dimensions, memory.data_type.f32, tag);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void rowsComeIntoTheirOrder(String name, memory.format_tag tag, long[] dimensions) {
    memory.desc plain = OneDnn.plainLayout(dimensions);
    memory.desc blocked = layout(tag, dimensions);
    assertThat(RowBlocks.are(blocked, plain)).isTrue();
    float[] values = new float[(int) (plain.get_size() / Float.BYTES)];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    try (Plan plan = new Plan(1, true, Precision.FLOAT32, ParameterMemory.nowhere())) {
      Tensor given = plan.keep(plan.allocate(plain));
      Tensor place = plan.keep(plan.allocate(plain));
      Tensor copy = plan.keep(plan.allocate(plain));
      plan.copy(given, plan.seenAs(blocked, place));
      plan.copy(place, copy);
      RowBlocks.of(blocked, plain).addReorder(plan, place);
      plan.arrange();
      plan.allocate();
      given.values().put(values);
      plan.run();
      assertThat(copy.toArray()).isNotEqualTo(values);
      assertThat(place.toArray()).isEqualTo(values);
    }
  }

  @Test
  void otherLayoutsAreNotBroughtIntoOrderInPlace() {
    memory.desc plain = OneDnn.plainLayout(32, 16, 3, 3);
    assertThat(RowBlocks.are(plain, plain)).as("the same").isFalse();
    assertThat(RowBlocks.are(layout(memory.format_tag.acdb, 32, 16, 3, 3), plain))
        .as("rows apart, each in another order")
        .isFalse();
    assertThat(RowBlocks.are(layout(memory.format_tag.BAcd16b16a, 32, 32, 3, 3), plain))
        .as("other dimensions")
        .isFalse();
    assertThat(
            RowBlocks.are(
                layout(memory.format_tag.BAcd16b16a, 32, 32, 3, 3),
                OneDnn.plainLayout(32, 32, 3, 3)))
        .as("blocks of columns in front of blocks of rows")
        .isFalse();
    assertThat(
            RowBlocks.are(
                layout(memory.format_tag.ABcd16b16a, 20, 16, 3, 3),
                OneDnn.plainLayout(20, 16, 3, 3)))
        .as("rows that fill no block")
        .isFalse();
    assertThat(
            RowBlocks.are(
                layout(memory.format_tag.ABcd16b16a, 32, 3, 3, 3), OneDnn.plainLayout(32, 3, 3, 3)))
        .as("columns that fill no block")
        .isFalse();
  }
}
