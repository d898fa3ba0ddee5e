package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Warps that are carried out as one: what the later ones show is read from the pixels that the
 * first one is applied to. What one of them has cut away does not come back. Not thread-safe.
 */
final class WarpSequence {
  private final ImageShape source;
  private final List<Warp> warps = new ArrayList<>(4);

  /** Shapes of what each warp is applied to, and last of the result. */
  private final List<ImageShape> shapes = new ArrayList<>(5);

  /** The warp beyond whose border something else than zeros is seen, or -1. */
  private int bordered = -1;

  private Interpolation interpolation = Interpolation.NEAREST;
  private boolean isCopy = true;
  private boolean isAxisAligned = true;
  private boolean leavesSource;

  WarpSequence(ImageShape source) {
    this.source = source;
    shapes.add(source);
  }

  boolean isEmpty() {
    return warps.isEmpty();
  }

  /** The shape of the result. */
  ImageShape shape() {
    return shapes.get(warps.size());
  }

  /**
   * Whether one resampling can do this too. It cannot when two interpolations are asked for, when
   * zeros that were added are to be interpolated, or when a border is to be continued that is no
   * longer the picture's.
   */
  boolean canTake(Warp next) {
    if (showsBorder(next) && !keepsAll()) {
      return false;
    }
    if (next.isCopy()) {
      return true;
    }
    return isCopy ? !leavesSource : next.interpolation() == interpolation;
  }

  void add(Warp next) {
    if (showsBorder(next)) {
      bordered = warps.size();
    }
    if (!next.isCopy()) {
      interpolation = next.interpolation();
      isCopy = false;
    }
    isAxisAligned &= next.isAxisAligned();
    leavesSource |= next.leaves(shape());
    warps.add(next);
    shapes.add(new ImageShape(next.height(), next.width(), source.channels()));
  }

  private boolean showsBorder(Warp next) {
    return next.border() != Border.ZERO && next.leaves(shape());
  }

  /** Whether the whole picture is there, upright or mirrored. */
  private boolean keepsAll() {
    return isCopy && !leavesSource && shape().equals(source);
  }

  /** The part of the source that {@link #apply} reads, when there is a warp. */
  CropBox needed() {
    if (border() != Border.ZERO) {
      return CropBox.whole(source);
    }
    return isCopy ? PixelCopy.needed(axis(false), axis(true)) : support();
  }

  /**
   * Carries the warps out.
   *
   * @param picture the part that is needed or more; not changed
   */
  Picture apply(PicturePart picture) {
    byte[] pixels = new byte[shape().size()];
    apply(picture, pixels, 0);
    return new Picture(shape(), pixels);
  }

  /**
   * Carries the warps out.
   *
   * @param picture the part that is needed or more; not changed
   * @param into receives the pixels
   * @param at where they begin there
   */
  void apply(PicturePart picture, byte[] into, int at) {
    if (isAxisAligned && isCopy) {
      PixelCopy.copy(picture, axis(false), axis(true), border(), into, at);
    } else if (isAxisAligned
        && border() == Border.ZERO
        && interpolation != Interpolation.NEAREST
        && interpolation != Interpolation.PLAIN_BILINEAR) {
      Resampling.warp(picture, axis(false), axis(true), support(), interpolation, into, at);
    } else {
      new PositionSampler(picture, support(), sampled(), border())
          .sample(shape(), positions(), into, at);
    }
  }

  /** What is seen beyond the source. */
  private Border border() {
    return bordered < 0 ? Border.ZERO : warps.get(bordered).border();
  }

  private AxisMapping axis(boolean ofColumns) {
    List<AxisMapping.Step> steps = new ArrayList<>(warps.size());
    for (int i = 0; i < warps.size(); i++) {
      Projection mapping = (Projection) warps.get(i).mapping();
      ImageShape from = shapes.get(i);
      ImageShape to = shapes.get(i + 1);
      steps.add(
          ofColumns
              ? new AxisMapping.Step(mapping.xx(), mapping.x0(), from.width(), to.width())
              : new AxisMapping.Step(mapping.yy(), mapping.y0(), from.height(), to.height()));
    }
    return AxisMapping.of(steps, bordered + 1);
  }

  /** The same as is asked for, but without looking at every pixel for whether something shrinks. */
  private Interpolation sampled() {
    if (interpolation != Interpolation.BILINEAR) {
      return interpolation;
    }
    Projection joined = Projection.IDENTITY;
    for (Warp warp : warps) {
      if (!(warp.mapping() instanceof Projection projection)) {
        return interpolation;
      }
      joined = joined.of(projection);
    }
    return joined.shrinksNothing() ? Interpolation.PLAIN_BILINEAR : interpolation;
  }

  private PositionSampler.Positions positions() {
    List<Mapping> mappings = warps.stream().map(Warp::positions).toList();
    return (x, y, shown) -> {
      for (int i = warps.size() - 1; i >= 0; i--) {
        mappings.get(i).apply(x, y, x.length);
        if (i > bordered) {
          ImageShape frame = shapes.get(i);
          for (int u = 0; u < x.length; u++) {
            shown[u] &= x[u] >= 0 && x[u] < frame.width() && y[u] >= 0 && y[u] < frame.height();
          }
        }
      }
    };
  }

  /** The part of the source that the first warp that interpolates may read. */
  private CropBox support() {
    Projection copied = Projection.IDENTITY;
    for (int i = 0; i < warps.size(); i++) {
      Warp warp = warps.get(i);
      if (!warp.isCopy()) {
        Optional<CropBox> given = warp.support();
        return seenThrough(copied, given.orElse(CropBox.whole(shapes.get(i))));
      }
      copied = copied.of((Projection) warp.mapping());
    }
    return CropBox.whole(source);
  }

  /** A box of what a copy shows, in the source. */
  private static CropBox seenThrough(Projection copy, CropBox box) {
    double[] x = {box.left(), box.left() + box.width()};
    double[] y = {box.top(), box.top() + box.height()};
    copy.apply(x, y, 2);
    return new CropBox(
        (int) Math.min(y[0], y[1]), (int) Math.min(x[0], x[1]), box.height(), box.width());
  }
}
