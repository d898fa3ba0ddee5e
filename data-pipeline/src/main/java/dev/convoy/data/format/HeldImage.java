package dev.convoy.data.format;

import java.util.Arrays;
import org.apache.hadoop.fs.Path;

/**
 * An image of a container that has been read already, so that the container is read in one pass.
 *
 * @param file the container
 * @param bytes how many the image has
 * @param image all of them; none where they are too many to be read
 */
record HeldImage(Path file, long bytes, byte[] image) implements EncodedImages.Content {
  @Override
  public byte[] read(int most) {
    return image.length <= most ? image : Arrays.copyOf(image, most);
  }

  @Override
  public long held() {
    return image.length;
  }
}
