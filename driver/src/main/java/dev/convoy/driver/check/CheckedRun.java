package dev.convoy.driver.check;

import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.ChosenExamples;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Role;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.ImageListings;
import dev.convoy.driver.training.ListedSplit;
import dev.convoy.driver.training.Quarantine;
import dev.convoy.worker.check.ShortTraining.Material;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.Head;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.loss.ClassWeights;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.schedule.LearningRate;
import dev.convoy.worker.schedule.Schedules;
import dev.convoy.worker.training.WorkerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;

/**
 * A run that is looked at before it is trained: its configuration, a sample of its images, and what
 * its network does in a few steps, which is measured when it is first asked for.
 */
final class CheckedRun implements AutoCloseable {
  /** Points at which the schedule is looked at. */
  private static final int SCHEDULE_POINTS = 1000;

  private final RunConfiguration configuration;
  private final ListedSplit split;
  private final ImageSample train;
  private final Optional<ImageSample> validation;
  private final Path scratch;
  private final Effort effort;
  private final Progress progress;
  private Beginning beginning;
  private RateRange rateRange;
  private FirstSteps firstSteps;

  private CheckedRun(
      RunConfiguration configuration,
      ListedSplit split,
      ImageSample train,
      Optional<ImageSample> validation,
      Path scratch,
      Progress progress) {
    this.configuration = configuration;
    this.split = split;
    this.train = train;
    this.validation = validation;
    this.scratch = scratch;
    this.progress = progress;
    this.effort = Effort.of(configuration, split.labels().size());
  }

  /**
   * Lists the images of a configuration and reads a sample of them.
   *
   * @param most training images in the sample; half as many of validation
   * @throws dev.convoy.data.DataException if the images are not there or cannot be used
   */
  static CheckedRun open(
      RunConfiguration configuration, int most, Configuration hadoop, Progress progress) {
    RunConfiguration.Data data = configuration.data();
    ListedImages listed = ImageListings.list(data, data.train(), Role.TRAIN, hadoop, progress);
    ListedSplit split = ListedSplit.of(configuration, listed, hadoop, progress);
    Path scratch;
    try {
      scratch = Files.createTempDirectory("convoy-check");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<ImageSample> samples = new ArrayList<>();
    try {
      return progress.during(
          "reading a sample of the images",
          () -> "",
          () -> open(configuration, split, most, hadoop, scratch, progress, samples));
    } catch (RuntimeException e) {
      samples.forEach(ImageSample::close);
      FileUtils.deleteQuietly(scratch.toFile());
      throw e;
    }
  }

  private static CheckedRun open(
      RunConfiguration configuration,
      ListedSplit split,
      int most,
      Configuration hadoop,
      Path scratch,
      Progress progress,
      List<ImageSample> samples) {
    RunConfiguration.Data data = configuration.data();
    int classes = split.labels().size();
    Quarantine quarantine = new Quarantine(data.quality(), progress);
    ImageSample train =
        ImageSample.read(
            configuration, Role.TRAIN, data.train(), split.train(), classes, most, hadoop, scratch);
    samples.add(train);
    quarantine.add(
        Role.TRAIN, data.train(), train.images().size(), train.images().statistics().quarantined());
    Optional<ImageSample> validation =
        split
            .validation()
            .map(
                listing ->
                    ImageSample.read(
                        configuration,
                        split.validationRole(),
                        split.validationLocation(),
                        listing,
                        classes,
                        Math.max(1, most / 2),
                        hadoop,
                        scratch));
    validation.ifPresent(
        sample -> {
          samples.add(sample);
          quarantine.add(
              Role.VALIDATION,
              split.validationLocation(),
              sample.images().size(),
              sample.images().statistics().quarantined());
        });
    RunConfiguration known =
        configuration.withLoss(
            ClassWeights.known(configuration.loss(), split.train().classCounts(classes)));
    return new CheckedRun(known, split, train, validation, scratch, progress);
  }

  RunConfiguration configuration() {
    return configuration;
  }

  List<String> labels() {
    return split.labels();
  }

  /** All images of the run, by name. */
  ListedSplit split() {
    return split;
  }

  /** Some of its training images. */
  ImageSample train() {
    return train;
  }

  /** Some of its validation images; empty where it has none of its own. */
  Optional<ImageSample> validation() {
    return validation;
  }

  Effort effort() {
    return effort;
  }

  /** Mean and deviation of the sample stand for those of all training images. */
  Normalization normalization() {
    return configuration.data().normalization().values(train.images().statistics());
  }

  /** The sample of training images, shuffled: images are often listed class by class. */
  ChosenExamples examples() {
    int[] positions = IntStream.range(0, train.images().size()).toArray();
    KeyedRandom.of(configuration.seed(), Purpose.CHECK, 4).shuffle(positions);
    return new ChosenExamples(train.images(), positions);
  }

  /** The same to take steps on. */
  Material material(boolean augmented) {
    return new Material(
        examples(),
        ShardTargets.labels(labels().size()),
        augmented ? Augmentations.of(configuration.augmentations()) : Augmentations.none(),
        normalization(),
        effort.batchSize());
  }

  /**
   * What a network on all cores of this machine is told, and not on a GPU. It begins with no other
   * network's layers, so all of it learns.
   */
  WorkerSettings settings() {
    WorkerSettings settings =
        Workers.settings(
            configuration, labels().size(), Runtime.getRuntime().availableProcessors());
    return settings
        .with(settings.optimizer().with(LayerRates.ALIKE))
        .with(settings.accelerator().with(GpuChoice.OFF));
  }

  /** The same without penalties. */
  WorkerSettings unregularized() {
    WorkerSettings settings = settings();
    OptimizerSettings optimizer = settings.optimizer();
    return settings.with(
        new OptimizerSettings(
            optimizer.rule(),
            optimizer.learningRate(),
            Regularization.none(),
            optimizer.schedule(),
            optimizer.momentumSchedule(),
            optimizer.sharpnessRadius(),
            optimizer.layers()));
  }

  /** The network before its first step. */
  Beginning beginning() {
    if (beginning == null) {
      beginning =
          progress.during(
              "looking into the network", () -> "", () -> Beginning.of(settings(), material(true)));
    }
    return beginning;
  }

  /** A range test of the learning rate, without penalties. */
  RateRange rateRange() {
    if (rateRange == null) {
      rateRange =
          progress.during(
              "trying learning rates",
              () -> "",
              () -> RateRange.of(unregularized(), material(true), effort));
    }
    return rateRange;
  }

  /** The first steps as the run would take them. */
  FirstSteps firstSteps() {
    if (firstSteps == null) {
      firstSteps =
          progress.during(
              "taking first steps",
              () -> "",
              () -> FirstSteps.of(settings(), material(true), effort, peakRate()));
    }
    return firstSteps;
  }

  /** The loss of a network whose last values are all 0: the same probability for all classes. */
  double lossOfUniformAnswers() {
    int classes = labels().size();
    WorkerSettings settings = settings();
    Targets oneOfEach = Targets.ofClasses(IntStream.range(0, classes).toArray());
    try {
      double sum = 0;
      for (Head head :
          GraphReader.read(
                  Models.configuration(settings.model(), settings.loss(), settings.input()),
                  settings.input())
              .heads()) {
        for (int label = 0; label < classes; label++) {
          sum += head.weight() * head.loss().derive(new double[classes], oneOfEach, label);
        }
      }
      return sum / classes;
    } catch (UnsupportedNetworkException e) {
      return Math.log(classes);
    }
  }

  /** Steps of the whole run in an epoch. */
  long stepsPerEpoch() {
    RunConfiguration.Training training = configuration.training();
    long shard = -Math.floorDiv(-split.train().size(), training.workers());
    return -Math.floorDiv(-shard * training.repeats(), (long) training.batchSize());
  }

  /** The largest rate of the run's schedule. */
  double peakRate() {
    LearningRate rate =
        new LearningRate(
            configuration.optimizer().learningRate(),
            Schedules.FAMILY.create(configuration.optimizer().schedule()),
            stepsPerEpoch(),
            configuration.training().epochs());
    long steps = stepsPerEpoch() * configuration.training().epochs();
    double peak = 0;
    for (long point = 0; point <= SCHEDULE_POINTS; point++) {
      peak = Math.max(peak, rate.at(point * (steps - 1) / SCHEDULE_POINTS));
    }
    return peak;
  }

  @Override
  public void close() {
    train.close();
    validation.ifPresent(ImageSample::close);
    FileUtils.deleteQuietly(scratch.toFile());
  }
}
