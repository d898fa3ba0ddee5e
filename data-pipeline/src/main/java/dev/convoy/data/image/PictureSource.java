package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;

/** A picture that is read when it is known which part of it is needed. */
public interface PictureSource {
  /** The shape of the whole picture. */
  ImageShape shape();

  /** Reads all of it; the pixels are the caller's to change. */
  Picture read();

  /**
   * Reads a part.
   *
   * @param box within the picture
   * @return that part or a larger one; not to be changed, and valid until the calling thread reads
   *     a part of any picture
   */
  PicturePart read(CropBox box);
}
