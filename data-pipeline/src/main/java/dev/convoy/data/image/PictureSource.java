package dev.convoy.data.image;

import dev.convoy.data.ImageShape;

/** A picture that is read when it is known which part of it is needed. */
public interface PictureSource {
  /** The shape of the whole picture. */
  ImageShape shape();

  /**
   * Reads a part.
   *
   * @param box within the picture
   * @return that part or a larger one, whose pixels are the caller's to change
   */
  PicturePart read(CropBox box);
}
