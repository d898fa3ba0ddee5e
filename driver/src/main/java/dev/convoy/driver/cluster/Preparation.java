package dev.convoy.driver.cluster;

import dev.convoy.data.format.ShardFile;
import dev.convoy.data.shard.Shard;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function2;

/** Writes packed shards to files, so that later runs need not decode. Driver only. */
public final class Preparation {
  private Preparation() {}

  /**
   * Writes every shard to {@code directory/part-NNNNN.shard}, each whole or not at all.
   *
   * @param classes how many there are
   */
  public static void write(ShardedImages images, String directory, int classes) {
    int[] sizes = images.sizes();
    Jobs.run(
        images
            .places()
            .mapPartitionsWithIndex(new Write(images.loader(), directory, classes), true),
        Integer.class,
        images.shards(shard -> sizes[shard] > 0),
        (shard, written) -> {});
  }

  private record Write(ShardLoader loader, String directory, int classes)
      implements Function2<Integer, Iterator<Integer>, Iterator<Integer>> {
    @Override
    public Iterator<Integer> call(Integer shard, Iterator<Integer> places) throws Exception {
      Shard images = loader.load(ShardedImages.drain(shard, places));
      Path target = new Path(directory, String.format(Locale.ROOT, "part-%05d.shard", shard));
      Path temporary = new Path(directory, "." + target.getName() + ".tmp");
      FileSystem files = target.getFileSystem(ImageLocations.hadoop());
      try {
        try (OutputStream out = files.create(temporary, true)) {
          ShardFile.write(out, images, classes);
        }
        files.delete(target, false);
        if (!files.rename(temporary, target)) {
          throw new IOException("Cannot rename " + temporary + " to " + target);
        }
      } finally {
        files.delete(temporary, false);
      }
      return List.of(images.size()).iterator();
    }
  }
}
