package dev.convoy.data.source;

import dev.convoy.data.DataException;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.UnreadableImageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads examples that are image files of their own. */
final class EncodedImages {
  private final ImageDecoder decoder;
  private final DecodeLimits limits;
  private final Configuration hadoop;

  EncodedImages(SourceSettings settings, Configuration hadoop) {
    this.decoder = new ImageDecoder(settings.shape(), settings.limits());
    this.limits = settings.limits();
    this.hadoop = hadoop;
  }

  /** Gives every example of {@code part} to {@code sink}, in ascending position. */
  void read(Listing part, ExampleSink sink) throws IOException {
    for (int i = 0; i < part.size(); i++) {
      byte[] pixels;
      try {
        pixels = decoder.decode(readFile(part.file(i)));
      } catch (UnreadableImageException e) {
        sink.reject(i, e.getMessage());
        continue;
      }
      sink.accept(i, pixels);
    }
  }

  private byte[] readFile(String file) throws IOException, UnreadableImageException {
    Path path = new Path(file);
    FileSystem files = path.getFileSystem(hadoop);
    try {
      requireAllowed(files.getFileStatus(path).getLen());
      try (InputStream in = files.open(path)) {
        // The file may have grown since its length was asked.
        int most = (int) Math.min(Integer.MAX_VALUE - 8, limits.maxFileBytes() + 1);
        byte[] bytes = in.readNBytes(most);
        requireAllowed(bytes.length);
        return bytes;
      }
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot read an image: expected a file, found none, in "
              + path
              + ". Check the path, and that the file was not moved since the run began.",
          e);
    }
  }

  private void requireAllowed(long bytes) throws UnreadableImageException {
    if (bytes > limits.maxFileBytes()) {
      throw new UnreadableImageException(
          "the file has " + bytes + " bytes, more than the limit of " + limits.maxFileBytes());
    }
  }
}
