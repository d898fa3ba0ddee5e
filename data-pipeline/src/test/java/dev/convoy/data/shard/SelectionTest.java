package dev.convoy.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionTest {
  private static final ImageShape SHAPE = new ImageShape(2, 3, 1);

  @TempDir Path scratch;

  @Test
  void takesEveryExampleAsOftenAsItSays() throws Exception {
    try (Shard shard = ArraySource.shard(5, SHAPE, new MemoryBudget(1 << 20), scratch)) {
      Examples examples = Selection.times(new int[] {2, 0, 1, 3}).of(shard);

      assertThat(IntStream.range(0, examples.size()).map(examples::id))
          .containsExactly(0, 0, 2, 3, 3, 3);
      assertThat(IntStream.range(0, examples.size()).map(examples::copy))
          .containsExactly(0, 1, 0, 0, 1, 2);
      assertThat(IntStream.range(0, examples.size()).map(examples::label))
          .containsExactly(0, 0, 2, 0, 0, 0);
      byte[] pixels = new byte[SHAPE.size() + 1];
      examples.pixels(4, pixels, 1);
      assertThat(pixels).endsWith(ArraySource.pixels(3, SHAPE));
      assertThat(examples.input()).isEqualTo(SHAPE);
      assertThat(examples.shape(0)).isEqualTo(SHAPE);
    }
  }

  @Test
  void theComplementIsExactlyWhatIsNotTaken() throws Exception {
    try (Shard shard = ArraySource.shard(5, SHAPE, new MemoryBudget(1 << 20), scratch)) {
      Examples rest = Selection.times(new int[] {2, 0, 1, 3, 0}).complement().of(shard);
      assertThat(IntStream.range(0, rest.size()).map(rest::id)).containsExactly(1, 4);
      assertThat(IntStream.range(0, rest.size()).map(rest::copy)).containsExactly(0, 0);
    }
  }
}
