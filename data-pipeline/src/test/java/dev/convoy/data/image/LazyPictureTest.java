package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LazyPictureTest {
  private static final ImageShape SHAPE = new ImageShape(24, 31, 3);
  private static final ImageShape SQUARE = new ImageShape(40, 40, 1);

  @Test
  void whatChangesNothingLeavesThePictureItself() {
    Picture picture = noise(SHAPE);

    assertThat(at(picture, Warp.none(SHAPE))).isSameAs(picture);
    assertThat(at(picture, turned(SHAPE, 0))).isSameAs(picture);
    assertThat(at(picture, turned(SHAPE, 360))).isSameAs(picture);
    assertThat(at(picture, turned(SHAPE, -720))).isSameAs(picture);
    assertThat(at(picture, Warp.resize(CropBox.whole(SHAPE), 24, 31))).isSameAs(picture);
    assertThat(at(picture, Warp.fit(SHAPE, SHAPE))).isSameAs(picture);
  }

  @ParameterizedTest
  @EnumSource(
      value = Interpolation.class,
      names = {"NEAREST", "BILINEAR", "PLAIN_BILINEAR"})
  void fourQuartersOfATurnGiveTheSameBytes(Interpolation interpolation) {
    Picture picture = noise(SQUARE);
    Picture turned = picture;
    for (int quarter = 1; quarter <= 4; quarter++) {
      turned = at(turned, turned(SQUARE, 90).with(interpolation));
      if (quarter == 1) {
        // Counter-clockwise: the top right corner comes to the top left.
        assertThat(turned.pixels()[0]).isEqualTo(picture.pixels()[39]);
        assertThat(turned.pixels()[39]).isEqualTo(picture.pixels()[1599]);
      }
    }
    assertThat(turned.pixels()).isEqualTo(picture.pixels());
  }

  /** Sequences of shifts, parts and flips, drawn at random. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void copiesThatAreJoinedAreThoseOneByOne(int seed) {
    KeyedRandom random = KeyedRandom.of(seed, Purpose.AUGMENTATION);
    for (int sequence = 0; sequence < 60; sequence++) {
      List<Warp> warps = new ArrayList<>();
      ImageShape shape = SHAPE;
      for (int step = 0; step < 4; step++) {
        Warp warp = copy(shape, random);
        warps.add(warp);
        shape = new ImageShape(warp.height(), warp.width(), 3);
      }
      Warp[] joined = warps.toArray(Warp[]::new);
      assertThat(at(noise(SHAPE), joined).pixels())
          .isEqualTo(oneByOne(noise(SHAPE), joined).pixels());
    }
  }

  private static Warp copy(ImageShape shape, KeyedRandom random) {
    Border border = Border.values()[random.nextInt(3)];
    return switch (random.nextInt(4)) {
      case 0 -> mirrored(shape);
      case 1 -> Warp.of(shape, Projection.affine(1, 0, 0, 0, -1, shape.height()));
      case 2 ->
          Warp.of(shape, Projection.shift(random.nextInt(-9, 10), random.nextInt(-9, 10)))
              .with(border);
      default ->
          Warp.cut(
                  new CropBox(
                      random.nextInt(-9, 20),
                      random.nextInt(-9, 20),
                      1 + random.nextInt(30),
                      1 + random.nextInt(30)))
              .with(border);
    };
  }

  @Test
  void onlyTheBoxIsReadThatIsShown() {
    CropBox box = new CropBox(3, 5, 17, 20);
    Warp resized = Warp.resize(box, 8, 9);
    ImageShape small = new ImageShape(8, 9, 3);

    assertThat(asked(resized)).containsExactly(box);
    assertThat(asked(resized, mirrored(small), turned(small, 30))).containsExactly(box);
    assertThat(asked(Warp.cut(box))).containsExactly(box);
    assertThat(asked(mirrored(SHAPE), Warp.cut(box))).containsExactly(new CropBox(3, 6, 17, 20));
    assertThat(asked(Warp.cut(new CropBox(-2, 20, 9, 30))))
        .containsExactly(new CropBox(0, 20, 7, 11));
    assertThat(asked()).containsExactly(CropBox.whole(SHAPE));
  }

  private static List<CropBox> asked(Warp... warps) {
    List<CropBox> asked = new ArrayList<>();
    at(new LazyPicture(new CutOut(noise(SHAPE), asked)), warps);
    return asked;
  }

  @Test
  void whatIsMovedThereAndBackIsTheSameButForWhatIsCutAway() {
    Picture picture = noise(SHAPE);

    Picture moved =
        at(
            picture,
            Warp.of(SHAPE, Projection.shift(4, -2)),
            Warp.of(SHAPE, Projection.shift(-4, 2)));

    for (int i = 0; i < SHAPE.size(); i++) {
      int y = i / SHAPE.width() % SHAPE.height();
      boolean kept = i % SHAPE.width() >= 4 && y < SHAPE.height() - 2;
      assertThat(moved.pixels()[i]).isEqualTo(kept ? picture.pixels()[i] : 0);
    }
  }

  /** Bytes are the same, since a part and a mirror image are copies. */
  @ParameterizedTest
  @CsvSource({"3, 5, 17, 20, 8, 8", "0, 0, 24, 31, 48, 62", "10, 2, 9, 28, 9, 14"})
  void aPartThatIsResizedAndMirroredIsResizedOnce(
      int top, int left, int height, int width, int toHeight, int toWidth) {
    Warp part = Warp.cut(new CropBox(top, left, height, width));
    ImageShape small = new ImageShape(toHeight, toWidth, 3);
    for (Interpolation interpolation :
        List.of(Interpolation.BILINEAR, Interpolation.AREA, Interpolation.BICUBIC)) {
      Warp resized =
          Warp.resize(new CropBox(0, 0, height, width), toHeight, toWidth).with(interpolation);
      // A pixel halfway between two areas belongs to the left one, which a mirror image changes.
      Warp[] warps =
          interpolation == Interpolation.AREA
              ? new Warp[] {part, resized, mirrored(small)}
              : new Warp[] {mirrored(SHAPE), part, resized, mirrored(small)};

      assertThat(at(noise(SHAPE), warps).pixels())
          .isEqualTo(oneByOne(noise(SHAPE), warps).pixels());
    }
  }

  @Test
  void theMiddleOfAResizedPictureIsResizedAlone() {
    Warp resized = Warp.resize(CropBox.whole(SHAPE), 17, 22);
    Warp middle = Warp.cut(new CropBox(2, 3, 11, 13));

    assertDifferAtMost(
        1, at(noise(SHAPE), resized, middle), oneByOne(noise(SHAPE), resized, middle), 0);
  }

  @Test
  void zerosThatAreAddedAreInterpolatedLikeOtherPixels() {
    Warp padded = Warp.cut(new CropBox(-4, -4, 32, 39));
    Warp resized = Warp.resize(new CropBox(0, 0, 32, 39), 16, 19);

    assertThat(at(noise(SHAPE), padded, resized).pixels())
        .isEqualTo(oneByOne(noise(SHAPE), padded, resized).pixels());
  }

  @ParameterizedTest
  @CsvSource({"20, 25", "-10, 60", "100, -70", "30, -30"})
  void twoTurnsAreOneResamplingAndEqualTheOneByTheirSum(double first, double second) {
    Picture picture = waves(SQUARE);
    Picture once = at(picture, turned(SQUARE, first + second));
    Picture joined = at(picture, turned(SQUARE, first), turned(SQUARE, second));
    Picture twice = oneByOne(picture, turned(SQUARE, first), turned(SQUARE, second));

    // Weights of pixels are rounded, and positions.
    assertDifferAtMost(1, joined, once, 3);
    assertThat(mean(twice, once)).isGreaterThan(10 * mean(joined, once) + 0.2);
  }

  @Test
  void whatATurnCutsAwayDoesNotComeBack() {
    Picture white = constant(SQUARE);

    Picture back = at(white, turned(SQUARE, 45), turned(SQUARE, -45));

    assertThat(back.pixels()[0]).isZero();
    assertThat(back.pixels()[20 * 40 + 20]).isEqualTo((byte) 200);
    assertThat(at(white, turned(SQUARE, 0)).pixels()[0]).isEqualTo((byte) 200);
  }

  @Test
  void twoInterpolationsAreTwoResamplings() {
    Warp[] warps = {
      turned(SHAPE, 10).with(Interpolation.NEAREST),
      turned(SHAPE, 5),
      Warp.resize(CropBox.whole(SHAPE), 10, 10).with(Interpolation.AREA)
    };

    assertThat(at(noise(SHAPE), warps).pixels()).isEqualTo(oneByOne(noise(SHAPE), warps).pixels());
  }

  @ParameterizedTest
  @EnumSource(Border.class)
  void theBorderIsThatOfThePictureThatIsChanged(Border border) {
    Warp[] warps = {
      mirrored(SHAPE), turned(SHAPE, 30).with(border), Warp.cut(new CropBox(2, 3, 18, 20))
    };
    assertThat(at(noise(SHAPE), warps).pixels()).isEqualTo(oneByOne(noise(SHAPE), warps).pixels());
    Warp[] others = {
      Warp.cut(new CropBox(2, 3, 18, 20)), turned(new ImageShape(18, 20, 3), 30).with(border)
    };
    assertThat(at(noise(SHAPE), others).pixels())
        .isEqualTo(oneByOne(noise(SHAPE), others).pixels());
  }

  @ParameterizedTest
  @CsvSource({
    "ZERO, 1, 0.4, -3.3, -0.2, 0.9, 2.1, 0, 0",
    "EDGE, 0.6, 0.4, -3.3, -0.7, 0.9, 12.1, 0, 0",
    "REFLECT, 0.6, 0.4, -40.3, -0.7, 0.9, 32.1, 0, 0",
    "ZERO, 2.1, 0.4, -3.3, -0.2, 1.6, 2.1, 0, 0",
    "REFLECT, 2.1, 0.4, -3.3, -0.2, 1.6, 2.1, 0, 0",
    "EDGE, 1.2, 0.1, -3.3, -0.2, 1.4, 2.1, 0.01, -0.005",
    "ZERO, 1.2, 0.1, -3.3, -0.2, 1.4, 2.1, 0.01, -0.005"
  })
  void everyValueIsThatOfTheFormulaInDoublePrecision(
      Border border,
      double xx,
      double xy,
      double x0,
      double yx,
      double yy,
      double y0,
      double wx,
      double wy) {
    Projection mapping = new Projection(xx, xy, x0, yx, yy, y0, wx, wy);
    Picture picture = noise(SHAPE);
    for (Interpolation interpolation :
        List.of(Interpolation.BILINEAR, Interpolation.PLAIN_BILINEAR)) {
      byte[] found = at(picture, Warp.of(SHAPE, mapping).with(border).with(interpolation)).pixels();
      boolean widening = interpolation == Interpolation.BILINEAR;
      for (int i = 0; i < found.length; i++) {
        double expected = reference(picture, mapping, border, widening, i);
        assertThat((double) (found[i] & 0xff)).isBetween(expected - 0.75, expected + 0.75);
      }
    }
  }

  /** Written from the definition: a triangle around the position, on each axis. */
  private static double reference(
      Picture picture, Projection mapping, Border border, boolean widening, int target) {
    ImageShape shape = picture.shape();
    double u = target % shape.width() + 0.5;
    double v = target / shape.width() % shape.height() + 0.5;
    double[] at = position(mapping, u, v);
    if (border == Border.ZERO
        && !(at[0] >= 0 && at[0] < shape.width() && at[1] >= 0 && at[1] < shape.height())) {
      return 0;
    }
    double reachX = 1;
    double reachY = 1;
    if (widening) {
      double[] right = position(mapping, u + 1, v);
      double[] below = position(mapping, u, v + 1);
      double area =
          Math.abs(
              (right[0] - at[0]) * (below[1] - at[1]) - (below[0] - at[0]) * (right[1] - at[1]));
      reachX = Math.max(1, area / Math.hypot(right[1] - at[1], below[1] - at[1]));
      reachY = Math.max(1, area / Math.hypot(right[0] - at[0], below[0] - at[0]));
    }
    double sum = 0;
    double weights = 0;
    for (int y = -200; y < 200; y++) {
      double weightY = Math.max(0, 1 - Math.abs(y + 0.5 - at[1]) / reachY);
      for (int x = -200; x < 200 && weightY > 0; x++) {
        double weight = weightY * Math.max(0, 1 - Math.abs(x + 0.5 - at[0]) / reachX);
        boolean inside = x >= 0 && x < shape.width() && y >= 0 && y < shape.height();
        if (weight > 0 && (inside || border != Border.ZERO)) {
          int row = folded(y, shape.height(), border);
          int column = folded(x, shape.width(), border);
          int plane = target / shape.planeSize() * shape.planeSize();
          sum += weight * (picture.pixels()[plane + row * shape.width() + column] & 0xff);
          weights += weight;
        }
      }
    }
    return sum / weights;
  }

  private static double[] position(Projection p, double u, double v) {
    double w = p.wx() * u + p.wy() * v + 1;
    return new double[] {
      (p.xx() * u + p.xy() * v + p.x0()) / w, (p.yx() * u + p.yy() * v + p.y0()) / w
    };
  }

  private static int folded(int index, int length, Border border) {
    int at = index;
    while (at < 0 || at >= length) {
      if (border == Border.REFLECT) {
        at = at < 0 ? -at : 2 * (length - 1) - at;
      } else {
        at = at < 0 ? 0 : length - 1;
      }
    }
    return at;
  }

  @Test
  void aTurnedPictureThatShrinksDoesNotAlias() {
    ImageShape large = new ImageShape(160, 160, 1);
    byte[] pixels = new byte[large.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ((i % 160 + i / 160) % 2 == 0 ? 0 : 250);
    }
    Warp smaller = Warp.resize(CropBox.whole(large), 40, 40);
    Picture shrunk = at(new Picture(large, pixels), smaller, turned(SQUARE, 31));
    Picture aliased =
        at(
            new Picture(large, pixels),
            smaller.with(Interpolation.PLAIN_BILINEAR),
            turned(SQUARE, 31).with(Interpolation.PLAIN_BILINEAR));

    double mostShrunk = 0;
    double mostAliased = 0;
    for (int i = 15 * 40 + 15; i < 15 * 40 + 25; i++) {
      mostShrunk = Math.max(mostShrunk, Math.abs((shrunk.pixels()[i] & 0xff) - 125));
      mostAliased = Math.max(mostAliased, Math.abs((aliased.pixels()[i] & 0xff) - 125));
    }
    assertThat(mostShrunk).isLessThan(4);
    assertThat(mostAliased).isGreaterThan(50);
  }

  @Test
  void thePictureThatIsGivenIsNotChangedByWarps() {
    Picture picture = noise(SHAPE);

    at(picture, mirrored(SHAPE), turned(SHAPE, 9));

    assertThat(picture.pixels()).isEqualTo(noise(SHAPE).pixels());
  }

  @Test
  void pixelsAreChangedInTheGeometryThatWasReached() {
    LazyPicture picture = new LazyPicture(noise(SHAPE));
    picture.warp(Warp.cut(new CropBox(0, 0, 5, 7)));
    assertThat(picture.shape()).isEqualTo(new ImageShape(5, 7, 3));

    picture.change(
        part -> {
          assertThat(part.shape()).isEqualTo(new ImageShape(5, 7, 3));
          Arrays.fill(part.pixels(), (byte) 9);
          return part;
        });
    picture.warp(mirrored(picture.shape()));

    assertThat(picture.picture().pixels()).hasSize(105).containsOnly((byte) 9);
  }

  /** A field that is linear is an affine mapping, in front of others and behind them. */
  @Test
  void displacementsAreJoinedWithProjections() {
    float[][] right = new float[40][40];
    float[][] down = new float[40][40];
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 40; x++) {
        right[y][x] = 0.05f * (x - 19.5f) + 0.1f * (y - 19.5f) + 1.5f;
        down[y][x] = -0.08f * (x - 19.5f);
      }
    }
    Warp bent = Warp.of(SQUARE, new Displacement(right, down));
    Projection same = Projection.affine(1.05, 0.1, 1.5, -0.08, 1, 0).around(20, 20);
    Warp affine = Warp.of(SQUARE, same);
    Picture picture = waves(SQUARE);

    assertDifferAtMost(1, at(picture, bent), at(picture, affine), 3);
    assertDifferAtMost(
        1,
        at(picture, turned(SQUARE, 20), bent, turned(SQUARE, -35)),
        at(picture, turned(SQUARE, 20), affine, turned(SQUARE, -35)),
        5);
    assertThat(mean(at(picture, bent), picture)).isGreaterThan(5);
  }

  @Test
  void whatLiesBehindTheViewerIsNotShown() {
    Projection horizon = new Projection(1, 0, 0, 0, 1, 0, 0, -0.1);
    byte[] pixels = at(constant(SQUARE), Warp.of(SQUARE, horizon)).pixels();

    assertThat(pixels[0]).isEqualTo((byte) 200);
    assertThat(pixels[12 * 40]).isZero();
    byte[] edge = at(constant(SQUARE), Warp.of(SQUARE, horizon).with(Border.EDGE)).pixels();
    assertThat(edge[9 * 40 + 20]).isEqualTo((byte) 200);
    assertThat(edge[12 * 40 + 20]).isZero();
  }

  @Test
  void aPictureThatIsMovedOutOfSightIsBlack() {
    Warp far = Warp.of(SHAPE, Projection.shift(100.5, 0).of(Projection.scale(0.5, 0.5)));

    assertThat(at(noise(SHAPE), far).pixels()).containsOnly((byte) 0);
    assertThat(at(noise(SHAPE), Warp.of(SHAPE, Projection.shift(100, 0))).pixels())
        .containsOnly((byte) 0);
  }

  private static Warp turned(ImageShape shape, double degrees) {
    return Warp.of(
        shape, Projection.rotation(degrees).around(shape.width() / 2.0, shape.height() / 2.0));
  }

  private static Warp mirrored(ImageShape shape) {
    return Warp.of(shape, Projection.affine(-1, 0, shape.width(), 0, 1, 0));
  }

  /**
   * A changed picture, which is the same where only the part is read that is needed, and where it
   * is written over other values.
   */
  private static Picture at(Picture picture, Warp... warps) {
    Picture ofPart = at(new LazyPicture(new CutOut(picture, new ArrayList<>())), warps);
    Picture ofWhole = at(new LazyPicture(picture), warps);
    assertThat(ofPart.shape()).isEqualTo(ofWhole.shape());
    assertThat(ofPart.pixels()).isEqualTo(ofWhole.pixels());

    int around = 3;
    byte[] expected = new byte[around + ofWhole.pixels().length + around];
    Arrays.fill(expected, (byte) 99);
    byte[] written = expected.clone();
    System.arraycopy(ofWhole.pixels(), 0, expected, around, ofWhole.pixels().length);
    warped(new LazyPicture(new CutOut(picture, new ArrayList<>())), warps).write(written, around);
    assertThat(written).isEqualTo(expected);
    return ofWhole;
  }

  private static Picture at(LazyPicture lazy, Warp... warps) {
    return warped(lazy, warps).picture();
  }

  private static LazyPicture warped(LazyPicture lazy, Warp... warps) {
    for (Warp warp : warps) {
      lazy.warp(warp);
    }
    return lazy;
  }

  /** Gives no pixel more than it is asked for, and parts in memory that it uses again. */
  private record CutOut(Picture picture, List<CropBox> asked) implements PictureSource {
    private static final byte[] MEMORY = new byte[1 << 20];

    @Override
    public ImageShape shape() {
      return picture.shape();
    }

    @Override
    public Picture read() {
      asked.add(CropBox.whole(shape()));
      return new Picture(picture.shape(), picture.pixels().clone());
    }

    @Override
    public PicturePart read(CropBox box) {
      asked.add(box);
      ImageShape part = new ImageShape(box.height(), box.width(), picture.shape().channels());
      Arrays.fill(MEMORY, (byte) 55);
      System.arraycopy(Resampling.crop(picture, box, part).pixels(), 0, MEMORY, 0, part.size());
      return PicturePart.of(MEMORY, part, box.top(), box.left(), picture.shape());
    }
  }

  private static Picture oneByOne(Picture picture, Warp... warps) {
    Picture changed = picture;
    for (Warp warp : warps) {
      changed = at(changed, warp);
    }
    return changed;
  }

  private static void assertDifferAtMost(int most, Picture found, Picture expected, int margin) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    for (int i : inside(found.shape(), margin)) {
      assertThat(found.pixels()[i] & 0xff)
          .isCloseTo(expected.pixels()[i] & 0xff, Offset.offset(most));
    }
  }

  private static double mean(Picture found, Picture expected) {
    return Arrays.stream(inside(found.shape(), 3))
        .map(i -> Math.abs((found.pixels()[i] & 0xff) - (expected.pixels()[i] & 0xff)))
        .average()
        .orElseThrow();
  }

  /** All pixels, or those in the disc that is seen however a square is turned. */
  private static int[] inside(ImageShape shape, int margin) {
    double middle = shape.width() / 2.0;
    return IntStream.range(0, shape.size())
        .filter(
            i -> {
              int x = i % shape.width();
              int y = i / shape.width();
              return margin == 0
                  || Math.hypot(x + 0.5 - middle, y + 0.5 - middle) < middle - margin;
            })
        .toArray();
  }

  private static Picture noise(ImageShape shape) {
    byte[] pixels = new byte[shape.size()];
    KeyedRandom.of(1, Purpose.SYNTHETIC, shape.size()).nextBytes(pixels);
    return new Picture(shape, pixels);
  }

  private static Picture waves(ImageShape shape) {
    byte[] pixels = new byte[shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      int x = i % shape.width();
      int y = i / shape.width();
      pixels[i] = (byte) (128 + 100 * Math.sin(0.9 * x + 0.4 * y));
    }
    return new Picture(shape, pixels);
  }

  private static Picture constant(ImageShape shape) {
    byte[] pixels = new byte[shape.size()];
    Arrays.fill(pixels, (byte) 200);
    return new Picture(shape, pixels);
  }
}
