package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.PicturePart;
import dev.convoy.data.image.PictureSource;

/** A picture among the pixels of a shard: where it is on the heap, its parts are not copied. */
record DecodedExample(PixelChunks chunks, long place, ImageShape shape) implements PictureSource {
  @Override
  public Picture read() {
    byte[] pixels = new byte[shape.size()];
    chunks.read(place, pixels, 0, pixels.length);
    return new Picture(shape, pixels);
  }

  @Override
  public PicturePart read(CropBox box) {
    return chunks
        .onHeap(place)
        .map(
            chunk ->
                new PicturePart(
                    chunk, PixelChunks.start(place), shape.width(), shape.planeSize(), shape))
        .orElseGet(() -> wholeRows(box));
  }

  private PicturePart wholeRows(CropBox box) {
    ImageShape part = new ImageShape(box.height(), shape.width(), shape.channels());
    byte[] pixels = new byte[part.size()];
    for (int channel = 0; channel < shape.channels(); channel++) {
      int start = (channel * shape.height() + box.top()) * shape.width();
      chunks.read(place + start, pixels, channel * part.planeSize(), part.planeSize());
    }
    return PicturePart.of(new Picture(part, pixels), box.top(), 0, shape);
  }
}
