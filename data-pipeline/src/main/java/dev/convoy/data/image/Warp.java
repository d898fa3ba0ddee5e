package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import java.util.Optional;

/**
 * A geometric change to a picture that has not been carried out: of what size the result is and
 * where its pixels come from. {@link LazyPicture} joins warps and resamples once.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param mapping from positions of the result to positions of the picture
 * @param interpolation between pixels of the picture
 * @param border what is seen where the mapping leaves the picture
 * @param support the part of the picture that interpolation may read; all of it if empty
 */
public record Warp(
    int height,
    int width,
    Mapping mapping,
    Interpolation interpolation,
    Border border,
    Optional<CropBox> support) {
  /** A mapping onto a result of some size, bilinear, with zeros beyond the border. */
  public static Warp of(int height, int width, Mapping mapping) {
    return new Warp(height, width, mapping, Interpolation.BILINEAR, Border.ZERO, Optional.empty());
  }

  /** A mapping onto a result of the picture's own size. */
  public static Warp of(ImageShape picture, Mapping mapping) {
    return of(picture.height(), picture.width(), mapping);
  }

  /** No change. */
  public static Warp none(ImageShape picture) {
    return of(picture, Projection.IDENTITY);
  }

  /** A part of a picture as it is; where the box reaches beyond the picture, its border shows. */
  public static Warp cut(CropBox box) {
    return of(box.height(), box.width(), Projection.shift(box.left(), box.top()));
  }

  /** A part of a picture brought to a size. Pixels around the part do not count. */
  public static Warp resize(CropBox box, int height, int width) {
    Projection scaled =
        Projection.shift(box.left(), box.top())
            .of(Projection.scale((double) box.width() / width, (double) box.height() / height));
    return new Warp(height, width, scaled, Interpolation.BILINEAR, Border.ZERO, Optional.of(box));
  }

  /** What {@link Resampling#fit} does: the middle of a picture, brought to the network's input. */
  public static Warp fit(ImageShape picture, ImageShape input) {
    return resize(CropBox.covering(picture, input), input.height(), input.width());
  }

  /** This with another interpolation. */
  public Warp with(Interpolation other) {
    return new Warp(height, width, mapping, other, border, support);
  }

  /** This with another border. */
  public Warp with(Border other) {
    return new Warp(height, width, mapping, interpolation, other, support);
  }

  /**
   * The mapping to positions of which the nearest pixel is shown, or between which is interpolated.
   */
  Mapping positions() {
    return interpolation == Interpolation.NEAREST && mapping instanceof Projection projection
        ? projection.inFixedPoint()
        : mapping;
  }

  /** Whether rows come from rows and columns from columns. */
  boolean isAxisAligned() {
    return mapping instanceof Projection projection && projection.isAxisAligned();
  }

  /** Whether pixels are those of the picture, shifted or mirrored, so that nothing is resampled. */
  boolean isCopy() {
    return mapping instanceof Projection projection && projection.isCopy();
  }

  /** Whether every pixel stays where it is. */
  boolean changesNothing(ImageShape picture) {
    return height == picture.height()
        && width == picture.width()
        && mapping instanceof Projection projection
        && projection.isIdentity();
  }

  /** Whether some pixel of the result comes, or may come, from beyond the picture. */
  boolean leaves(ImageShape picture) {
    if (!isAxisAligned()) {
      return true;
    }
    double[] x = {0, width};
    double[] y = {0, height};
    mapping.apply(x, y, 2);
    return Math.min(x[0], x[1]) < 0
        || Math.max(x[0], x[1]) > picture.width()
        || Math.min(y[0], y[1]) < 0
        || Math.max(y[0], y[1]) > picture.height();
  }
}
