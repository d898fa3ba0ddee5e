package dev.convoy.driver.cluster;

import dev.convoy.data.format.ImageSources;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.function.Function;

/**
 * Members asked about images that are read for this alone: chunk by chunk, so that however many
 * there are, few are in memory at once. Driver only.
 */
public final class ImagePrediction {
  private static final int CHUNK = 256;

  /** Chunks for each slot in a job; the driver holds the answers of one job. */
  private static final int CHUNKS_PER_SLOT = 4;

  private ImagePrediction() {}

  /** Told what members say, in the order of the listing. */
  public interface Sink {
    /**
     * Takes one image in.
     *
     * @param probabilities axes [member, class], from {@code offset} on; valid during the call
     */
    void accept(String location, float[] probabilities, int offset);

    /** Takes in an image that could not be read. */
    void reject(String location, String reason);
  }

  /**
   * Asks about every image once.
   *
   * @param configuration with the location as that of its training images
   * @param listing of the images
   */
  public static void predict(
      SparkCluster cluster,
      RunConfiguration configuration,
      MemberPrediction members,
      Listing listing,
      Progress progress,
      Sink sink) {
    int wave = CHUNK * CHUNKS_PER_SLOT * cluster.slots();
    int[] done = new int[1];
    progress.during(
        String.format(Locale.ROOT, "predicting %,d images", listing.size()),
        () -> done[0] + " done",
        () -> {
          for (int from = 0; from < listing.size(); from += wave) {
            List<Listing> chunks = chunks(listing, from, Math.min(from + wave, listing.size()));
            PredictedImages[] predicted = new PredictedImages[chunks.size()];
            Jobs.run(
                cluster
                    .context()
                    .parallelize(chunks, chunks.size())
                    .map(new Predict(members.networks(), configuration.text().full())),
                PredictedImages.class,
                (chunk, answers) -> predicted[chunk] = answers);
            for (int chunk = 0; chunk < predicted.length; chunk++) {
              hand(chunks.get(chunk), predicted[chunk], members.row(), sink);
              done[0] += chunks.get(chunk).size();
            }
          }
          return done[0];
        });
  }

  private static List<Listing> chunks(Listing listing, int from, int to) {
    List<Listing> chunks = new ArrayList<>();
    for (int start = from; start < to; start += CHUNK) {
      chunks.add(listing.select(IntStream.range(start, Math.min(start + CHUNK, to)).toArray()));
    }
    return chunks;
  }

  private static void hand(Listing chunk, PredictedImages predicted, int row, Sink sink) {
    Map<String, String> reasons = new HashMap<>();
    String[] rejected = predicted.statistics().rejectedLocations();
    for (int i = 0; i < rejected.length; i++) {
      reasons.put(rejected[i], predicted.statistics().rejectedReasons()[i]);
    }
    int[] ids = predicted.block().ids();
    int next = 0;
    for (int i = 0; i < chunk.size(); i++) {
      if (next < ids.length && ids[next] == chunk.id(i)) {
        sink.accept(chunk.location(i), predicted.block().probabilities(), next * row);
        next++;
      } else {
        sink.reject(chunk.location(i), reasons.getOrDefault(chunk.location(i), "unreadable"));
      }
    }
  }

  private record Predict(MemberPrediction.Networks networks, String configurationText)
      implements Function<Listing, PredictedImages> {
    @Override
    public PredictedImages call(Listing chunk) throws Exception {
      RunConfiguration.Data data = ConfigurationReader.readEffective(configurationText).data();
      try (Shard shard =
          ShardPacker.pack(
              chunk,
              1,
              data.shape(),
              ImageSources.unlabelled(
                  ImageLocations.settings(data, Role.TRAIN, data.train()), ImageLocations.hadoop()),
              new MemoryBudget((long) chunk.size() * data.shape().size()),
              Path.of(SparkFiles.getRootDirectory()))) {
        return new PredictedImages(
            networks.answer(members -> MemberPrediction.ask(members, shard, 0, shard.size())),
            shard.statistics());
      }
    }
  }
}
