package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.PicturePart;
import dev.convoy.data.image.PictureSource;

/** A picture among the pixels of a shard, of which whole rows are read. */
record DecodedExample(PixelChunks chunks, long place, ImageShape shape) implements PictureSource {
  @Override
  public PicturePart read(CropBox box) {
    ImageShape part = new ImageShape(box.height(), shape.width(), shape.channels());
    byte[] pixels = new byte[part.size()];
    for (int channel = 0; channel < shape.channels(); channel++) {
      int start = (channel * shape.height() + box.top()) * shape.width();
      chunks.read(place + start, pixels, channel * part.planeSize(), part.planeSize());
    }
    return new PicturePart(new Picture(part, pixels), box.top(), 0, shape);
  }
}
