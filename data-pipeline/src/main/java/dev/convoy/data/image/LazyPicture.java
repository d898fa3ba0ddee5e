package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import java.util.function.UnaryOperator;

/**
 * A picture whose geometric changes wait until its pixels are asked for. Those that follow each
 * other become one resampling, so that a picture that is cut out, turned and shrunk loses no more
 * detail than one that is shrunk; shifts by whole pixels and flips alone are exact copies. To be
 * used by one thread.
 */
public final class LazyPicture {
  /** Null once the picture is read. */
  private PictureSource source;

  private Picture picture;
  private WarpSequence waiting;

  /** A picture, which {@link #change} may change in place. */
  public LazyPicture(Picture picture) {
    this.picture = picture;
    this.waiting = new WarpSequence(picture.shape());
  }

  /** A picture of which only the part is read that changes to its geometry leave. */
  public LazyPicture(PictureSource source) {
    this.source = source;
    this.waiting = new WarpSequence(source.shape());
  }

  /** The shape that the picture has after all changes. */
  public ImageShape shape() {
    return waiting.shape();
  }

  /** Changes the picture's geometry, later. */
  public void warp(Warp next) {
    if (next.changesNothing(shape())) {
      return;
    }
    if (!waiting.isEmpty() && !waiting.canTake(next)) {
      picture();
    }
    waiting.add(next);
  }

  /** Changes the picture's pixels, now; the function may change its argument in place. */
  public void change(UnaryOperator<Picture> pixels) {
    picture = pixels.apply(picture());
    waiting = new WarpSequence(picture.shape());
  }

  /** The picture with all changes, which stays this object's own until it is asked no more. */
  public Picture picture() {
    if (waiting.isEmpty() && source != null) {
      picture = source.read();
      source = null;
    } else if (!waiting.isEmpty()) {
      picture = waiting.apply(part());
      source = null;
      waiting = new WarpSequence(picture.shape());
    }
    return picture;
  }

  /**
   * Writes the pixels of the picture with all changes, in CHW order. Geometric changes that wait go
   * straight into the array, and wait on: this is to be the last that is asked of a picture.
   *
   * @param into receives them
   * @param at where they begin there
   */
  public void write(byte[] into, int at) {
    if (waiting.isEmpty()) {
      byte[] pixels = picture().pixels();
      System.arraycopy(pixels, 0, into, at, pixels.length);
    } else {
      waiting.apply(part(), into, at);
    }
  }

  /** What the changes that wait are applied to. */
  private PicturePart part() {
    return source == null ? PicturePart.whole(picture) : source.read(waiting.needed());
  }
}
