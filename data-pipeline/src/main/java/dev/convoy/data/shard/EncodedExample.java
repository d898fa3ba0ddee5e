package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.DecodingMemory;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PicturePart;
import dev.convoy.data.image.PictureSource;
import dev.convoy.data.image.UnreadableImageException;
import dev.convoy.data.source.DecodeLimits;
import java.util.concurrent.CancellationException;

/**
 * A file that was decoded once without complaint, decoded again in its part of the memory for
 * decoding, for which it waits.
 *
 * @param shape in which the picture is kept
 */
record EncodedExample(byte[] file, ImageShape shape, StoredShape store) implements PictureSource {
  /** It passed those of the run. */
  private static final DecodeLimits NO_LIMITS = new DecodeLimits(Long.MAX_VALUE, Long.MAX_VALUE);

  @Override
  public Picture read() {
    return decode(ImageDecoder.Opened::decode);
  }

  @Override
  public PicturePart read(CropBox box) {
    return decode(image -> image.decode(box));
  }

  /** Decodes an image, or a part of it. */
  private interface Decoding<T> {
    T decode(ImageDecoder.Opened image) throws UnreadableImageException;
  }

  private <T> T decode(Decoding<T> how) {
    DecodingMemory memory = DecodingMemory.ofThisJvm();
    try {
      ImageDecoder.Opened image = new ImageDecoder(store, NO_LIMITS).open(file, memory.bytes());
      DecodingMemory.Reservation room = memory.reserve(image.reservedBytes());
      try {
        return how.decode(image);
      } finally {
        room.close();
      }
    } catch (UnreadableImageException e) {
      throw new IllegalStateException(
          "Cannot decode an image again: " + e.getMessage() + ", which it was not before.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled =
          new CancellationException("Interrupted while waiting for memory to decode in.");
      cancelled.initCause(e);
      throw cancelled;
    }
  }
}
