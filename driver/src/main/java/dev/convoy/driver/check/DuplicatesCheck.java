package dev.convoy.driver.check;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.Text;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.source.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Whether validation images are copies of training images. */
final class DuplicatesCheck extends Check {
  /** The share of validation images from which what they measure is not to be trusted. */
  private static final double MOST = 0.01;

  DuplicatesCheck() {
    super(
        "duplicates",
        "Copies of training images among the validation images, by a perceptual hash: what was"
            + " learned by heart looks like what was understood.",
        "Barz and Denzler, \"Do we train on test data? Purging CIFAR of near-duplicates\", 2020");
  }

  @Override
  Verdict look(CheckedRun run) {
    if (run.validation().isEmpty()) {
      return Verdict.unclear("the run has no validation images of its own", "any");
    }
    ImageSample train = run.train();
    ImageSample validation = run.validation().get();
    List<PerceptualHash> known = hashes(train.images());
    List<PerceptualHash> asked = hashes(validation.images());
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      PerceptualHash one = asked.get(i);
      int copy =
          IntStream.range(0, known.size())
              .filter(at -> one.isCopyOf(known.get(at)))
              .findFirst()
              .orElse(-1);
      if (copy >= 0) {
        pairs.add(location(validation, i) + " = " + location(train, copy));
      }
    }
    // Of a copy in a sample of the training images the sample's share is seen.
    double seen = (double) known.size() / run.split().train().size();
    double share = Math.min(1, pairs.size() / seen / Math.max(1, asked.size()));
    String figure =
        Text.of(
            "%d of %,d validation images have a copy among %,d training images",
            pairs.size(), asked.size(), known.size());
    return Verdict.of(
        share <= MOST || pairs.size() < 2,
        pairs.isEmpty() ? figure : figure + ": " + Text.firstFew(pairs),
        Text.of("copies of at most %.0f %% of them in all", 100 * MOST),
        "remove the copies, or put them on one side of the split");
  }

  private static List<PerceptualHash> hashes(Shard images) {
    return IntStream.range(0, images.size())
        .parallel()
        .mapToObj(i -> PerceptualHash.of(picture(images, i)))
        .toList();
  }

  private static Picture picture(Shard images, int i) {
    ImageShape shape = images.shape(i);
    byte[] pixels = new byte[shape.size()];
    images.pixels(i, pixels, 0);
    return new Picture(shape, pixels);
  }

  private static String location(ImageSample sample, int i) {
    Listing listing = sample.listing();
    int id = sample.images().id(i);
    return IntStream.range(0, listing.size())
        .filter(at -> listing.id(at) == id)
        .mapToObj(listing::location)
        .findFirst()
        .orElseThrow();
  }
}
