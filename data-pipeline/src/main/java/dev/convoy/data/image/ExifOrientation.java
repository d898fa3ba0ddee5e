package dev.convoy.data.image;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** How a camera was held, from a JPEG's EXIF data. */
final class ExifOrientation {
  /** Row 0 is the top and column 0 the left side. */
  static final int UPRIGHT = 1;

  private static final int LAST = 8;

  private ExifOrientation() {}

  /** The orientation tag, 1 to 8; upright when there is none. */
  static int of(byte[] jpeg) {
    try {
      ExifIFD0Directory directory =
          JpegMetadataReader.readMetadata(new ByteArrayInputStream(jpeg), List.of(new ExifReader()))
              .getFirstDirectoryOfType(ExifIFD0Directory.class);
      Integer orientation =
          directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
      boolean known = orientation != null && orientation >= UPRIGHT && orientation <= LAST;
      return known ? orientation : UPRIGHT;
    } catch (JpegProcessingException | IOException | RuntimeException e) {
      // The picture itself was decoded: metadata that make no sense say nothing about it.
      return UPRIGHT;
    }
  }
}
