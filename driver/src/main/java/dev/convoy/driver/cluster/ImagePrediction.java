package dev.convoy.driver.cluster;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Text;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Predicts images that are read for this alone, chunk by chunk, so that few are in memory at once.
 * Driver only.
 */
public final class ImagePrediction {
  /** Images that a task reads, where nothing speaks for fewer. */
  private static final int MAX_IMAGES = 256;

  /** Of the 8-bit pixels that a task holds. */
  private static final long MAX_PIXEL_BYTES = 32 << 20;

  /** Chunks for each slot in a job. */
  private static final int CHUNKS_PER_SLOT = 4;

  /** Of the answers to one job, which the driver holds. */
  private static final long MAX_ANSWER_BYTES = 256 << 20;

  private ImagePrediction() {}

  /** Receives predictions, in the order of the listing. */
  public interface Sink {
    /**
     * Receives the prediction of one image.
     *
     * @param probabilities axes [member, class], from {@code offset} on; valid during the call
     */
    void accept(String location, float[] probabilities, int offset);

    /** Receives an image that could not be read. */
    void reject(String location, String reason);
  }

  /**
   * Predicts every image once.
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
    int size = chunk(configuration.data().shape(), members.row());
    SourceSettings source =
        ImageLocations.settings(configuration.data(), Role.TRAIN, configuration.data().train());
    MemberPrediction.Networks networks = members.networks();
    int[] done = new int[1];
    progress.during(
        "predicting " + Text.count(listing.size(), "image"),
        () -> done[0] + " done",
        () -> {
          while (done[0] < listing.size()) {
            int wave = wave(size, cluster.slots(), members.row());
            int to = done[0] + Math.min(wave, listing.size() - done[0]);
            List<Listing> chunks = chunks(listing, done[0], to, size);
            PredictedBlock[] predicted = new PredictedBlock[chunks.size()];
            Jobs.run(
                cluster
                    .context()
                    .parallelize(chunks, chunks.size())
                    .map(chunk -> predict(networks, source, chunk)),
                PredictedBlock.class,
                (chunk, answers) -> predicted[chunk] = answers);
            for (int chunk = 0; chunk < predicted.length; chunk++) {
              hand(chunks.get(chunk), predicted[chunk], members.row(), sink);
              done[0] += chunks.get(chunk).size();
            }
          }
          return done[0];
        });
  }

  /** How many images a task reads: their pixels and the answers have a bounded size. */
  static int chunk(ImageShape shape, int row) {
    long byPixels = Math.min(MAX_IMAGES, MAX_PIXEL_BYTES / shape.size());
    return (int) Math.max(1, Math.min(byPixels, MAX_ANSWER_BYTES / Float.BYTES / row));
  }

  /** How many images a job reads: whole chunks, at least one. */
  static int wave(int chunk, int slots, int row) {
    long byAnswers = MAX_ANSWER_BYTES / Float.BYTES / row / chunk;
    return chunk * (int) Math.max(1, Math.min((long) CHUNKS_PER_SLOT * slots, byAnswers));
  }

  private static List<Listing> chunks(Listing listing, int from, int to, int chunk) {
    List<Listing> chunks = new ArrayList<>();
    for (int start = from; start < to; start += chunk) {
      chunks.add(
          listing.select(IntStream.range(start, start + Math.min(chunk, to - start)).toArray()));
    }
    return chunks;
  }

  private static void hand(Listing chunk, PredictedBlock predicted, int row, Sink sink) {
    Map<String, String> reasons = new HashMap<>();
    predicted.quarantined().forEach(image -> reasons.put(image.path(), image.reason()));
    int next = 0;
    for (int i = 0; i < chunk.size(); i++) {
      String location = Text.withoutPasswords(chunk.location(i));
      if (next < predicted.ids.length && predicted.ids[next] == chunk.id(i)) {
        sink.accept(location, predicted.probabilities, next * row);
        next++;
      } else {
        sink.reject(location, reasons.getOrDefault(location, "unreadable"));
      }
    }
  }

  private static PredictedBlock predict(
      MemberPrediction.Networks networks, SourceSettings source, Listing chunk) throws Exception {
    try (Shard shard =
        ShardPacker.pack(
            chunk,
            1,
            source.store(),
            ImageSources.unlabelled(source, ImageLocations.hadoop()),
            new MemoryBudget(MAX_PIXEL_BYTES),
            Jobs.scratch())) {
      PredictedBlock answers = NetworkGuard.compute(() -> networks.ask(shard, 0, shard.size()));
      return new PredictedBlock(answers.ids, answers.probabilities, shard.statistics());
    }
  }
}
