package dev.convoy.driver.check;

import dev.convoy.data.DataException;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.UnreadableImageException;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * Some images of a listing, drawn by the seed of the data, decoded and packed on this machine.
 *
 * @param listing those that were drawn, unreadable ones included
 * @param images those that could be read
 * @param sizes of the files' own pictures, before they were resized, in the order of the listing;
 *     null where an image is no file of its own
 */
record ImageSample(Listing listing, Shard images, List<Size> sizes) implements AutoCloseable {
  /**
   * How large a picture is.
   *
   * @param height rows
   * @param width columns
   */
  record Size(int height, int width) {
    double proportion() {
      return (double) width / height;
    }
  }

  /**
   * Draws and reads images.
   *
   * @param role what their source is asked for
   * @param most how many, at most
   * @param scratch a local directory
   */
  static ImageSample read(
      RunConfiguration configuration,
      Role role,
      String location,
      Listing all,
      int classes,
      int most,
      Configuration hadoop,
      Path scratch) {
    RunConfiguration.Data data = configuration.data();
    Listing chosen = all.select(draw(all.size(), most, data.seed()));
    Size[] sizes = new Size[chosen.size()];
    ImageSource source =
        new Observed(
            ImageSources.open(ImageLocations.settings(data, role, location), hadoop),
            data.store(),
            sizes);
    try {
      long budget = (long) (data.storage().memoryFraction() * Runtime.getRuntime().maxMemory());
      Shard images =
          ShardPacker.pack(
              chosen,
              classes,
              data.store(),
              data.storage().form(),
              source,
              new MemoryBudget(budget / 2),
              scratch);
      return new ImageSample(chosen, images, Arrays.asList(sizes));
    } catch (IOException e) {
      throw new DataException(
          "Cannot read a sample of the images in " + location + ": " + e.getMessage() + ".", e);
    }
  }

  private static int[] draw(int size, int most, long seed) {
    int[] positions = IntStream.range(0, size).toArray();
    KeyedRandom.of(seed, Purpose.CHECK, 0).shuffle(positions);
    return Arrays.stream(positions).limit(most).sorted().toArray();
  }

  @Override
  public void close() {
    images.close();
  }

  /** Notes how large the pictures in files are. */
  private record Observed(ImageSource source, StoredShape store, Size[] sizes)
      implements ImageSource {
    private static final DecodeLimits NO_LIMITS = new DecodeLimits(Long.MAX_VALUE, Long.MAX_VALUE);

    @Override
    public ListedImages list() throws IOException {
      return source.list();
    }

    @Override
    public void read(Listing part, ExampleSink sink) throws IOException {
      ImageDecoder decoder = new ImageDecoder(store, NO_LIMITS);
      source.read(
          part,
          new ExampleSink() {
            @Override
            public void accept(int position, Picture picture) {
              sink.accept(position, picture);
            }

            @Override
            public void accept(int position, Picture picture, byte[] file) {
              sizes[position] = size(decoder, file);
              sink.accept(position, picture, file);
            }

            @Override
            public void reject(int position, String reason) {
              sink.reject(position, reason);
            }
          });
    }

    private static Size size(ImageDecoder decoder, byte[] file) {
      try {
        ImageDecoder.Opened image = decoder.open(file, Long.MAX_VALUE);
        return new Size(image.ownHeight(), image.ownWidth());
      } catch (UnreadableImageException e) {
        throw new IllegalStateException("Cannot read the header of a file that was decoded.", e);
      }
    }
  }
}
