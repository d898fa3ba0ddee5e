package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.normalization.PixelNormalization;
import dev.convoy.data.resample.Resample;
import dev.convoy.data.shard.StoredForm;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.SyntheticSettings;
import dev.convoy.data.source.TableColumns;
import dev.convoy.driver.averaging.AveragingRoute;
import dev.convoy.driver.averaging.OptimizerStates;
import dev.convoy.driver.averaging.RateScaling;
import dev.convoy.driver.averaging.StatisticsAveraging;
import dev.convoy.driver.averaging.StockMaster;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.ReduceOnPlateau;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.OptimizerSettings;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A validated configuration.
 *
 * @param name of the run
 * @param output the run directory, a Hadoop path
 * @param overwrite whether to throw away a different run in {@code output}
 * @param seed decides every random choice, but for those of {@link Data#seed}
 * @param data images in
 * @param augmentations what training images go through, in order
 * @param model the network
 * @param loss what it learns with; a member of {@link dev.convoy.worker.loss.Losses#FAMILY}
 * @param transfer what the network begins with; empty for weights that are drawn
 * @param optimizer the update rule
 * @param training the loop
 * @param checkpoint how often and how many
 * @param accelerator native kernels
 * @param spark where it runs
 * @param text the effective configuration, reloadable HOCON
 */
public record RunConfiguration(
    String name,
    String output,
    boolean overwrite,
    long seed,
    Data data,
    List<ComponentSettings> augmentations,
    ComponentSettings model,
    ComponentSettings loss,
    Optional<Transfer> transfer,
    OptimizerSettings optimizer,
    Training training,
    Checkpoint checkpoint,
    Accelerator.Settings accelerator,
    Spark spark,
    EffectiveText text) {

  /** The same with another loss. */
  public RunConfiguration withLoss(ComponentSettings other) {
    return new RunConfiguration(
        name,
        output,
        overwrite,
        seed,
        data,
        augmentations,
        model,
        other,
        transfer,
        optimizer,
        training,
        checkpoint,
        accelerator,
        spark,
        text);
  }

  /**
   * Where the images come from and what they become.
   *
   * @param format a name of {@link dev.convoy.data.format.ImageSources#formats()}
   * @param train location of the training images; empty for synthetic
   * @param validation where the validation images come from; empty for none
   * @param test where the test images come from; empty for none
   * @param store the shapes of images after decoding
   * @param weights how much training images count, see {@link
   *     dev.convoy.data.resample.ExampleWeights}; empty for what their source says
   * @param limit how many training and validation examples to use together, if not all
   * @param seed decides limit, split, sharding and the generated images
   * @param quality what is refused
   * @param normalization of pixel values
   * @param storage of the images on executors
   * @param columns of tables
   * @param synthetic the generated data set
   */
  public record Data(
      String format,
      String train,
      Optional<Validation> validation,
      Optional<Test> test,
      StoredShape store,
      Optional<String> weights,
      OptionalInt limit,
      long seed,
      ImageQuality quality,
      PixelNormalization normalization,
      Storage storage,
      TableColumns columns,
      SyntheticSettings synthetic) {
    /** The shape of the images that a network takes. */
    public ImageShape shape() {
      return store.input();
    }

    /** Whether a network learns numbers, and not to tell classes apart. */
    public boolean isOfNumbers() {
      return !columns.numbers().isEmpty();
    }

    /**
     * Makes sure that labels are classes.
     *
     * @param command that needs them
     * @throws ConfigurationException if they are numbers
     */
    public void requireClasses(String command) {
      if (isOfNumbers()) {
        throw new ConfigurationException(
            "data.columns.numbers = %s: expected [] for convoy %s, which is for classes alone",
            columns.numbers(), command);
      }
    }

    /** Whether a network is tested in the end. */
    public boolean isTested() {
      return test.isPresent() && !(test.get() instanceof Test.HeldOut);
    }

    /** The same training and validation images, and no test. */
    public Data withoutTest() {
      return new Data(
          format,
          train,
          validation,
          test.flatMap(Test::untested),
          store,
          weights,
          limit,
          seed,
          quality,
          normalization,
          storage,
          columns,
          synthetic);
    }
  }

  /**
   * How executors keep images.
   *
   * @param form as pixels or as files
   * @param memoryFraction share of an executor's heap for them
   */
  public record Storage(StoredForm form, double memoryFraction) implements Serializable {}

  /** Where the test images come from. */
  public sealed interface Test {
    /** What is left of it for a run that does not read them. */
    default Optional<Test> untested() {
      return heldOut() == 0 ? Optional.empty() : Optional.of(new HeldOut(heldOut()));
    }

    /** The share of the training images that is neither trained on nor validated with. */
    default double heldOut() {
      return this instanceof Fraction fraction
          ? fraction.value
          : this instanceof HeldOut untested ? untested.value : 0;
    }

    /** Images of their own; the path is empty for generated ones. */
    record Location(String path) implements Test {}

    /** A stratified fraction of the training images, in (0, 1). */
    record Fraction(double value) implements Test {}

    /**
     * A fraction of the training images that is neither trained on nor tested: for the trials of a
     * search and the members of an ensemble, which are tested together in the end.
     */
    record HeldOut(double value) implements Test {}
  }

  /** Where the validation images come from. */
  public sealed interface Validation {
    /** A stratified fraction of the training images, in (0, 1). */
    record Fraction(double value) implements Validation {}

    /**
     * One of several stratified parts of the training images, which together are all of them.
     *
     * @param fold which, counted from 1
     * @param folds how many, 2 to 100
     */
    record Fold(int fold, int folds) implements Validation {}

    /** Images of their own. */
    record Location(String path) implements Validation {}

    /** The training images that the run's resample leaves out. */
    record OutOfBag() implements Validation {}
  }

  /**
   * What happens to images that cannot be used.
   *
   * @param failOnBadImage fail the run rather than quarantine
   * @param limits what is refused before it is decoded
   */
  public record ImageQuality(boolean failOnBadImage, DecodeLimits limits) {}

  /**
   * A trained network, some layers of which the network has too.
   *
   * @param model where its file is, or a directory that holds a model.zip
   * @param layers whose weights are taken where they fit
   */
  public record Transfer(String model, LayerNames layers) {}

  /**
   * The loop.
   *
   * @param batchSize examples in a batch, per worker
   * @param epochs passes when nothing stops the run
   * @param workers training shards that run at once
   * @param averagingFrequency batches between two averagings
   * @param threadsPerWorker CPU threads of a worker; empty for what the machine allows
   * @param maxSeconds of training; infinite for no limit
   * @param averaging what becomes of the workers' results
   * @param validationEvery how often to evaluate
   * @param earlyStopping empty if it is off
   * @param resample which of the training images it trains on; empty for all, once each
   * @param reduceOnPlateau empty if the rate is the schedule's alone
   * @param repeats how many times an image comes one after the other
   * @param dataInitialization what becomes of the first parameters on the first batch: a member of
   *     {@link dev.convoy.worker.datainitialization.DataInitializations#FAMILY}
   */
  public record Training(
      int batchSize,
      int epochs,
      int workers,
      int averagingFrequency,
      OptionalInt threadsPerWorker,
      double maxSeconds,
      Averaging averaging,
      Interval validationEvery,
      Optional<EarlyStopping> earlyStopping,
      Optional<ReduceOnPlateau> reduceOnPlateau,
      Optional<Resampling> resample,
      int repeats,
      ComponentSettings dataInitialization) {}

  /**
   * What becomes of the workers' results after every round.
   *
   * @param rule for the parameters: a member of {@link
   *     dev.convoy.driver.averaging.AveragingStrategies#FAMILY}
   * @param optimizerStates what becomes of them
   * @param statistics how running statistics are averaged
   * @param compression of what workers send: a member of {@link
   *     dev.convoy.driver.compression.Compressions#FAMILY}
   * @param movingAverage of the rounds' weights; empty if none is kept
   * @param route where it happens
   * @param rateScaling what more workers do to the learning rate
   * @param frequency of averaging, where it is not always the same
   * @param deadlineSeconds after which a worker begins one more batch of a round at most; empty for
   *     none
   */
  public record Averaging(
      ComponentSettings rule,
      OptimizerStates optimizerStates,
      StatisticsAveraging statistics,
      ComponentSettings compression,
      Optional<MovingAverageSettings> movingAverage,
      AveragingRoute route,
      RateScaling rateScaling,
      FrequencySettings frequency,
      OptionalDouble deadlineSeconds) {
    /** Whether a training master of Deeplearning4j's trains in place of Convoy's workers. */
    public boolean isStock() {
      return StockMaster.isNamed(rule);
    }

    /** Whether workers send the gradients of one batch each in place of parameters. */
    public boolean sendsGradients() {
      return TrainingReader.sendsGradients(rule);
    }
  }

  /**
   * How many batches a round has, where that is not always the same.
   *
   * @param everyBatchEpochs epochs at the beginning in which it is one
   * @param adaptive empty where it is the configured number afterwards
   */
  public record FrequencySettings(int everyBatchEpochs, Optional<Adaptive> adaptive) {
    /**
     * How it follows from what rounds have cost.
     *
     * @param share of the time that synchronising is to take, in (0, 1)
     * @param smallest number of batches
     * @param largest number of batches
     */
    public record Adaptive(double share, int smallest, int largest) {}

    /** Always the configured number. */
    public static FrequencySettings fixed() {
      return new FrequencySettings(0, Optional.empty());
    }
  }

  /**
   * A moving average of the rounds' weights.
   *
   * @param decay as in {@link dev.convoy.driver.averaging.MovingAverage}
   * @param keep which weights are the run's result
   * @param startEpochs epochs before it begins, at least 0
   */
  public record MovingAverageSettings(double decay, Keep keep, double startEpochs) {
    /** Which weights are the run's result. */
    public enum Keep {
      /** Those that are better on the validation images; without these, the average. */
      BETTER,
      /** The average. */
      AVERAGE,
      /** Those that are trained. */
      CURRENT
    }
  }

  /**
   * Which of the training images a run trains on, and how often.
   *
   * @param resample the draw
   * @param weights how likely each image is drawn, see {@link
   *     dev.convoy.data.resample.ExampleWeights}; empty where all are alike
   */
  public record Resampling(Resample resample, Optional<String> weights) {}

  /**
   * How often the state is written and how many are kept.
   *
   * @param every rounds, epochs or seconds
   * @param keep at least 1
   * @param snapshots epochs, counted from 1, after which the model is kept besides the best
   */
  public record Checkpoint(Interval every, int keep, List<Integer> snapshots) {
    /** Copies the list. */
    public Checkpoint {
      snapshots = List.copyOf(snapshots);
    }
  }

  /**
   * Where it runs.
   *
   * @param master empty for what spark-submit says, else {@code local[*]}
   * @param settings any Spark settings
   */
  public record Spark(Optional<String> master, Map<String, String> settings) {}

  /**
   * The configuration as text.
   *
   * @param full every key with its value, reloadable; for the wire
   * @param written the same without secrets, for files; it does not overwrite, which one command
   *     was asked for and not those that read the file later
   * @param identity the keys that decide the result, canonical and without secrets: two runs with
   *     the same identity end with the same parameters
   */
  public record EffectiveText(String full, String written, String identity) {
    /**
     * Of a configuration.
     *
     * @param identity the part of it that decides the result
     */
    static EffectiveText of(Config full, Config identity) {
      String text = Hocon.render(full);
      boolean canTell = Secrets.canBeIn(full, text);
      Config kept = full.withValue("overwrite", ConfigValueFactory.fromAnyRef(false));
      boolean isText = !canTell && kept.equals(full);
      return new EffectiveText(
          text,
          isText ? text : Hocon.render(canTell ? Secrets.hidden(kept) : kept),
          (canTell ? Secrets.hidden(identity) : identity)
              .root()
              .render(ConfigRenderOptions.concise()));
    }
  }
}
