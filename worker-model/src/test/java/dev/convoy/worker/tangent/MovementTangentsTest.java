package dev.convoy.worker.tangent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.worker.model.InputShape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MovementTangentsTest {
  private static final InputShape SHAPE = new InputShape(9, 13, 2, 2);
  private static final int PLANE = SHAPE.height() * SHAPE.width();
  private static final double HALF_SIDE = 6;

  /** Of quadratics, whose central differences are their slopes. */
  private static double brightness(int channel, double x, double y) {
    return channel == 0 ? 0.3 * x * x + x * y - 2 * y : 1 + 0.5 * y * y - 0.2 * x * y + x;
  }

  private static float[] picture() {
    float[] picture = new float[SHAPE.values()];
    for (int i = 0; i < picture.length; i++) {
      picture[i] =
          (float) brightness(i / PLANE, i % SHAPE.width() - 6, i % PLANE / SHAPE.width() - 4);
    }
    return picture;
  }

  /** The matrix, and the way, by which a movement takes points around the middle. */
  private static double[] moved(PictureMovement movement, double x, double y, double by) {
    double angle = by / HALF_SIDE;
    double factor = Math.exp(by / HALF_SIDE);
    return switch (movement) {
      case HORIZONTAL_TRANSLATION -> new double[] {x + by, y};
      case VERTICAL_TRANSLATION -> new double[] {x, y + by};
      case ROTATION ->
          new double[] {
            x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)
          };
      case SCALING -> new double[] {x * factor, y * factor};
      case STRETCHING -> new double[] {x * factor, y / factor};
      case DIAGONAL_STRETCHING ->
          new double[] {
            x * Math.cosh(angle) + y * Math.sinh(angle), x * Math.sinh(angle) + y * Math.cosh(angle)
          };
    };
  }

  /** What is at p after a movement was at the place that the movement backwards takes p to. */
  @ParameterizedTest
  @EnumSource
  void aTangentIsHowPixelsBeginToChangeWhenThePictureMoves(PictureMovement movement) {
    float[] tangent = new float[SHAPE.values()];
    new MovementTangents(SHAPE, List.of(movement)).compute(picture(), 0, 0, tangent);
    double step = 1e-4;
    for (int i = 0; i < tangent.length; i++) {
      int column = i % SHAPE.width();
      int row = i % PLANE / SHAPE.width();
      if (column > 0 && column < SHAPE.width() - 1 && row > 0 && row < SHAPE.height() - 1) {
        double[] before = moved(movement, column - 6, row - 4, -step);
        double[] after = moved(movement, column - 6, row - 4, step);
        double change =
            (brightness(i / PLANE, before[0], before[1])
                    - brightness(i / PLANE, after[0], after[1]))
                / (2 * step);
        assertThat((double) tangent[i]).isCloseTo(change, within(1e-4));
      }
    }
  }

  /** With the border's pixels beyond it; each image by itself. */
  @Test
  void theTangentOfATranslationIsHalfTheDifferenceOfPicturesThatAreMovedByAPixel() {
    Random random = new Random(1);
    float[] images = new float[3 * SHAPE.values()];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    int from = SHAPE.values();
    float[] tangent = new float[SHAPE.values()];
    new MovementTangents(
            SHAPE, List.of(PictureMovement.ROTATION, PictureMovement.HORIZONTAL_TRANSLATION))
        .compute(images, from, 1, tangent);
    for (int i = 0; i < tangent.length; i++) {
      int column = i % SHAPE.width();
      float toTheRight = images[from + i - (column > 0 ? 1 : 0)];
      float toTheLeft = images[from + i + (column < SHAPE.width() - 1 ? 1 : 0)];
      assertThat(tangent[i]).isCloseTo((toTheRight - toTheLeft) / 2, within(1e-6f));
    }
  }

  @Test
  void partnersAreMovedByAStepAlongATangentThatIsDrawnForEachImage() {
    List<PictureMovement> movements =
        List.of(PictureMovement.VERTICAL_TRANSLATION, PictureMovement.SCALING);
    int size = 60;
    float[] images = new float[size * SHAPE.values()];
    Random random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    TangentPairs pairs =
        TangentPairs.ofMovements(new TangentPropagation(0.5, movements, 0.25), SHAPE);
    float[] both = values(pairs.of(Images.of(images), size, 7), size);
    assertThat(Arrays.copyOf(both, images.length)).isEqualTo(images);
    int[] drawn = new int[2];
    float[][] tangent = new float[2][SHAPE.values()];
    for (int from = 0; from < images.length; from += SHAPE.values()) {
      for (int number = 0; number < 2; number++) {
        new MovementTangents(SHAPE, movements).compute(images, from, number, tangent[number]);
        boolean moved = true;
        for (int i = 0; i < SHAPE.values(); i++) {
          float expected = (float) (images[from + i] + 0.25 * tangent[number][i]);
          moved &= both[images.length + from + i] == expected;
        }
        drawn[number] += moved ? 1 : 0;
      }
    }
    assertThat(drawn[0] + drawn[1]).isEqualTo(size);
    assertThat(drawn[0]).isBetween(15, 45);
    assertThat(values(pairs.of(Images.of(images), size, 7), size)).isEqualTo(both);
    assertThat(values(pairs.of(Images.of(images), size, 8), size)).isNotEqualTo(both);
    // Two tangents, of which one is seen, over the square of the step.
    assertThat(pairs.coefficient()).isEqualTo(0.5 * 2 / (0.25 * 0.25));
  }

  private static float[] values(Images pairs, int size) {
    float[] values = new float[2 * size * SHAPE.values()];
    pairs.write(0, 2 * size, FloatBuffer.wrap(values));
    return values;
  }

  @Test
  void thereIsAtLeastOneMovement() {
    assertThatThrownBy(() -> new TangentPropagation(1, List.of(), 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot propagate tangents: expected at least one movement, found none.");
  }
}
