package dev.convoy.data.shard;

import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.DecodingMemory;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.UnreadableImageException;
import dev.convoy.data.source.DecodeLimits;
import java.util.concurrent.CancellationException;

/** An image file that was decoded before without complaint, decoded again. */
final class EncodedExample {
  /** It passed those of the run. */
  private static final DecodeLimits NO_LIMITS = new DecodeLimits(Long.MAX_VALUE, Long.MAX_VALUE);

  private EncodedExample() {}

  /** Decodes a file in its part of the memory for decoding, for which it waits. */
  static Picture decode(byte[] file, StoredShape store) {
    DecodingMemory memory = DecodingMemory.ofThisJvm();
    try {
      ImageDecoder.Opened image = new ImageDecoder(store, NO_LIMITS).open(file, memory.bytes());
      DecodingMemory.Reservation room = memory.reserve(image.bytes());
      try {
        return image.decode();
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
