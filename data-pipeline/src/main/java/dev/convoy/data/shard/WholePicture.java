package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.PicturePart;
import dev.convoy.data.image.PictureSource;

/** An example that is always read as a whole. */
record WholePicture(Examples examples, int position) implements PictureSource {
  @Override
  public ImageShape shape() {
    return examples.shape(position);
  }

  @Override
  public Picture read() {
    byte[] pixels = new byte[shape().size()];
    examples.pixels(position, pixels, 0);
    return new Picture(shape(), pixels);
  }

  @Override
  public PicturePart read(CropBox box) {
    return PicturePart.whole(read());
  }
}
