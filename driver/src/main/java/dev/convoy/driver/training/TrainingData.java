package dev.convoy.driver.training;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.resample.ExampleWeights;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.NumberScale;
import dev.convoy.data.source.Quarantined;
import dev.convoy.data.source.Role;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.Resampling;
import dev.convoy.driver.report.Progress;
import dev.convoy.worker.loss.ClassWeights;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The images of a run: listed and split on the driver, packed on executors. The test images are
 * listed at once, so that a wrong path is found early, but read when they are asked for.
 */
public final class TrainingData implements AutoCloseable {
  /**
   * What the training and validation images depend on: runs with the same key can share them.
   *
   * @param data where they come from
   * @param shards that they are dealt to
   */
  public record Key(RunConfiguration.Data data, int shards) {
    /** Of a configuration. */
    public static Key of(RunConfiguration configuration) {
      return new Key(configuration.data().withoutTest(), configuration.training().workers());
    }
  }

  private final SparkCluster cluster;
  private final RunConfiguration configuration;
  private final Progress progress;
  private final List<String> labels;
  private final Optional<TestImages> testImages;
  private final Quarantine quarantine;
  private final List<ShardedImages> open = new ArrayList<>();
  private final Listing trainListing;
  private final ShardedImages train;
  private final Optional<ShardedImages> validation;
  private final long fingerprint;
  private final long targets;
  private final List<Listing> listings;
  private final Optional<NumberScale> numberScale;
  private Optional<ShardedImages> test = Optional.empty();

  /**
   * Lists, splits and packs.
   *
   * @throws DataException if the images are not there, cannot be used, or are too few
   */
  public TrainingData(SparkCluster cluster, RunConfiguration configuration, Progress progress) {
    this.cluster = cluster;
    this.configuration = configuration;
    this.progress = progress;
    this.quarantine = new Quarantine(configuration.data().quality(), progress);
    RunConfiguration.Data data = configuration.data();
    ListedImages listed =
        ImageListings.list(data, data.train(), Role.TRAIN, ImageLocations.hadoop(), progress);
    this.labels = listed.classNames();
    ListedSplit split = ListedSplit.of(configuration, listed, ImageLocations.hadoop(), progress);
    this.testImages = TestImages.list(data, listed, progress).map(images -> images.relabel(labels));
    this.numberScale =
        data.isOfNumbers() ? Optional.of(NumberScale.of(split.train())) : Optional.empty();
    this.trainListing = standardised(split.train());
    Optional<Listing> validationListing = split.validation().map(this::standardised);
    this.listings = Stream.concat(Stream.of(trainListing), validationListing.stream()).toList();
    this.fingerprint =
        31 * trainListing.fingerprint() + validationListing.map(Listing::fingerprint).orElse(0L);
    this.targets =
        31 * split.train().targetsFingerprint()
            + split.validation().map(Listing::targetsFingerprint).orElse(0L);
    cluster.devices(configuration); // a GPU that must be there is missed before images are decoded
    try {
      this.train = pack(Role.TRAIN, Role.TRAIN, data.train(), trainListing);
      this.validation =
          validationListing.map(
              listing ->
                  pack(
                      Role.VALIDATION,
                      split.validationRole(),
                      split.validationLocation(),
                      listing));
      if (numberScale.isEmpty()) {
        checkClasses();
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private Listing standardised(Listing listing) {
    return numberScale.map(scale -> scale.standardise(listing)).orElse(listing);
  }

  /**
   * Packs the images of a listing.
   *
   * @param purpose what they are for
   * @param role what their source is asked for, which is the training images where they are split
   *     off from those
   */
  private ShardedImages pack(Role purpose, Role role, String location, Listing listing) {
    ShardedImages images =
        ShardedImages.pack(
            cluster,
            configuration,
            role,
            location,
            open.isEmpty()
                ? DataSplit.shuffled(
                    listing, configuration.training().workers(), configuration.data().seed())
                : DataSplit.inOrder(listing, configuration.training().workers()),
            labels.size(),
            progress);
    open.add(images);
    ShardStatistics packed = images.statistics();
    quarantine.add(purpose, location, packed.examples(), packed.quarantined());
    return images;
  }

  /** Every class has a training image, except for those that data.limit leaves without one. */
  private void checkClasses() {
    long[] listed = trainListing.classCounts(labels.size());
    long[] readable = train.statistics().classCounts();
    List<String> leftOut = new ArrayList<>();
    for (int label = 0; label < labels.size(); label++) {
      boolean limited = configuration.data().limit().isPresent() && listed[label] == 0;
      if (limited) {
        leftOut.add(labels.get(label));
      } else if (readable[label] == 0) {
        throw new DataException(
            "Cannot train on the class %s: expected at least one readable training image in %s,"
                + " found none%s. Add images of the class, or remove it.",
            labels.get(label), configuration.data().train(), quarantine.example());
      }
    }
    if (labels.size() - leftOut.size() < 2) {
      throw new DataException(
          "Cannot train a classifier within data.limit: expected images of at least two classes,"
              + " found none of %s. Raise data.limit.",
          Text.firstFew(leftOut));
    }
    if (!leftOut.isEmpty()) {
      progress.say(
          Text.of(
              "note: data.limit leaves no training image of %d of the %d classes (%s), which are"
                  + " not learned; raise data.limit to train on all",
              leftOut.size(), labels.size(), Text.firstFew(leftOut)));
    }
  }

  /** Class names in output order, or names of numbers. */
  public List<String> labels() {
    return labels;
  }

  /** How numbers are standardised that are learned; empty where labels are classes. */
  public Optional<NumberScale> numberScale() {
    return numberScale;
  }

  /** The training images. */
  public ShardedImages train() {
    return train;
  }

  /** The validation images, if there are any. */
  public Optional<ShardedImages> validation() {
    return validation;
  }

  /** The test images, if there are any. The first call reads them; it belongs at the end. */
  public Optional<ShardedImages> test() {
    if (test.isEmpty()) {
      test =
          testImages.map(
              images ->
                  pack(
                      Role.TEST,
                      images.role(),
                      images.location(),
                      standardised(images.images().listing())));
    }
    return test;
  }

  /**
   * Which of the training images a run is to train on, and how often.
   *
   * @throws DataException if the weights cannot be used
   */
  public Selection draw(Resampling resampling) {
    double[] weights = resampling.weights().map(where -> weights(where, trainListing)).orElse(null);
    if (weights != null && resampling.resample().stratified()) {
      requireWeightInEveryClass(resampling.weights().orElseThrow(), weights);
    }
    return resampling.resample().draw(trainListing, weights);
  }

  private void requireWeightInEveryClass(String where, double[] weights) {
    boolean[] drawable = new boolean[labels.size()];
    for (int i = 0; i < weights.length; i++) {
      drawable[trainListing.label(i)] |= weights[i] > 0;
    }
    List<String> weightless =
        IntStream.range(0, trainListing.size())
            .map(trainListing::label)
            .distinct()
            .filter(label -> !drawable[label])
            .sorted()
            .mapToObj(labels::get)
            .toList();
    if (!weightless.isEmpty()) {
      throw new DataException(
          "Cannot draw training images: expected an image with a weight above 0 in every class, as"
              + " training.resample.stratified = on draws from each by itself, found none of %s,"
              + " in %s. Give some of them a weight, or set training.resample.stratified = off.",
          Text.firstFew(weightless), where);
    }
  }

  /** All of the training images, once each. */
  Selection all() {
    int[] times =
        new int[1 + IntStream.range(0, trainListing.size()).map(trainListing::id).max().orElse(-1)];
    IntStream.range(0, trainListing.size()).forEach(i -> times[trainListing.id(i)] = 1);
    return Selection.times(times);
  }

  private double[] weights(String weights, Listing listing) {
    return ExampleWeights.of(weights, listing, labels, ImageLocations.hadoop());
  }

  /**
   * A configuration in which the weights of classes in the loss are numbers: balanced ones follow
   * from how many training images there are of each.
   *
   * @throws ConfigurationException if there is not a weight for each class
   */
  public RunConfiguration withKnownLoss(RunConfiguration run) {
    try {
      return run.withLoss(ClassWeights.known(run.loss(), trainListing.classCounts(labels.size())));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage());
    }
  }

  /** What images go through before the network, from the training images alone. */
  public Normalization normalization() {
    return configuration.data().normalization().values(train.statistics());
  }

  /** What could not be read so far. */
  public List<Quarantined> quarantined() {
    return quarantine.images();
  }

  /**
   * Identifies what a run learns from: the decoded training and validation images, which could not
   * be read, weights and numbers, and what is drawn by weights.
   *
   * @throws DataException if weights of a resample cannot be used
   */
  public long content(RunConfiguration run) {
    long drawn =
        run.training()
            .resample()
            .filter(resampling -> resampling.weights().isPresent())
            .map(resampling -> draw(resampling).fingerprint())
            .orElse(0L);
    return 31 * train.statistics().content()
        + validation.map(images -> images.statistics().content()).orElse(0L)
        + targets
        + drawn;
  }

  /**
   * What may explain that the images are not those that a run began with, in a few words; empty if
   * nothing is known.
   *
   * @param unreadableThen paths of the images that could not be read then
   * @param beganMillis when the run began, in milliseconds since 1970
   */
  String changes(Set<String> unreadableThen, long beganMillis) {
    List<String> unreadable =
        quarantined().stream()
            .map(Quarantined::path)
            .filter(path -> !unreadableThen.contains(path))
            .toList();
    Set<String> modified = new LinkedHashSet<>();
    for (Listing listing : listings) {
      for (int i = 0; i < listing.size(); i++) {
        if (listing.modifiedMillis(i) > beganMillis) {
          modified.add(listing.file(i));
        }
      }
    }
    return (unreadable.isEmpty()
            ? ""
            : " Unreadable since then: " + Text.firstFew(unreadable) + ".")
        + (modified.isEmpty()
            ? ""
            : " Modified since then: " + Text.firstFew(List.copyOf(modified)) + ".");
  }

  /** Identifies the training and validation listings. */
  public long fingerprint() {
    return fingerprint;
  }

  @Override
  public void close() {
    open.forEach(ShardedImages::close);
    open.clear();
  }
}
