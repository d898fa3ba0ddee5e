package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.convoy.data.ImageShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.format.Locations;
import dev.convoy.data.resample.Resample;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.SyntheticSettings;
import dev.convoy.driver.configuration.RunConfiguration.Checkpoint;
import dev.convoy.driver.configuration.RunConfiguration.Data;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import dev.convoy.driver.configuration.RunConfiguration.ImageQuality;
import dev.convoy.driver.configuration.RunConfiguration.Resampling;
import dev.convoy.driver.configuration.RunConfiguration.Spark;
import dev.convoy.driver.configuration.RunConfiguration.Training;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.layers.LayerHelpers;
import dev.convoy.worker.layers.LayerKind;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.natives.InstructionSetLimit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads a configuration: defaults, then the experiment's file, then overrides of the command line.
 * Every problem is found before any is reported.
 */
public final class ConfigurationReader {
  private static final List<Interval.Unit> ROUNDS_OR_EPOCHS =
      List.of(Interval.Unit.ROUNDS, Interval.Unit.EPOCHS);

  /** Keys that do not change the parameters a run ends with. */
  private static final List<String> NOT_IDENTITY =
      List.of(
          "name",
          "output",
          "overwrite",
          "checkpoint",
          "spark",
          // What it comes to is part of a run's identity by itself.
          "accelerator.instruction-set",
          "training.max-minutes",
          "data.memory-fraction");

  /** The keys of data.validation where it is an object; in the defaults it is a number. */
  private static final ConfigObject FOLD = ConfigFactory.parseString("fold = 1, folds = 2").root();

  private static final String SYNTHETIC = "synthetic";
  private static final String HOME_ADVICE = "a name that begins with ~ is written ./~…";

  static final int MOST_FOLDS = 100;
  static final int MOST_MEMBERS = 100_000;

  private static final String ENSEMBLE = "ensemble";
  private static final String OUT_OF_BAG = "out-of-bag";

  private static final ValueType<List<ComponentSettings>> AUGMENTATIONS =
      new ValueType.ListOf<>(
          new ValueType.MemberSettings<>(Augmentations.FAMILY), 0, Integer.MAX_VALUE);

  private static final Config DEFAULTS =
      ConfigFactory.parseResources(
          ConfigurationReader.class.getClassLoader(),
          "convoy/defaults.conf",
          ConfigParseOptions.defaults()
              .setAllowMissing(false)
              .setOriginDescription("defaults.conf"));

  private final List<String> problems = new ArrayList<>();
  private boolean needsSecrets;

  private ConfigurationReader() {}

  /**
   * Reads and validates.
   *
   * @param file the experiment: a path of this machine, or one with the scheme of a Hadoop file
   *     system
   * @param overrides {@code key.path=value}
   * @throws ConfigurationException with every problem
   */
  public static RunConfiguration read(String file, List<String> overrides) {
    return of(WrittenConfiguration.read(file, overrides));
  }

  /** The same for a file of this machine. */
  public static RunConfiguration read(Path file, List<String> overrides) {
    return read(file.toString(), overrides);
  }

  /**
   * Validates what was written.
   *
   * @throws ConfigurationException with every problem
   */
  public static RunConfiguration of(WrittenConfiguration written) {
    ConfigurationReader reader = new ConfigurationReader();
    reader.problems.addAll(written.problems());
    reader.needsSecrets = true;
    return reader.validate(written.config());
  }

  /**
   * What was written, with the values of its substitutions, which may be the defaults'.
   *
   * @throws ConfigurationException if a substitution in it has no value
   */
  public static Config resolved(Config written) {
    try {
      return asRead(written.resolveWith(written.withFallback(DEFAULTS)));
    } catch (ConfigException e) {
      throw new ConfigurationException(ConfigurationFile.message(e));
    }
  }

  /**
   * What was written, over the defaults, where distributions take the place of what they stand for.
   * Reading it again gives the same search.
   *
   * @param written resolved
   */
  public static EffectiveText searchText(Config written) {
    return SearchText.of(written, DEFAULTS, NOT_IDENTITY, SearchText.NOT_A_SEARCHS_IDENTITY);
  }

  /**
   * The same for an ensemble. Its identity is that of its members.
   *
   * @param written resolved
   */
  public static EffectiveText ensembleText(Config written) {
    return SearchText.of(written, DEFAULTS, NOT_IDENTITY, SearchText.NOT_AN_ENSEMBLES_IDENTITY);
  }

  /**
   * What was written, over the defaults.
   *
   * @throws ConfigurationException if a substitution in it has no value
   */
  public static Config effective(Config written) {
    try {
      return ComponentBlock.withDefaults(
          asRead(ShortBlocks.asBlocks(asRead(written)).withFallback(DEFAULTS).resolve()));
    } catch (ConfigException e) {
      throw new ConfigurationException(ConfigurationFile.message(e));
    }
  }

  /** With whole names of Spark's settings and with texts as they were written. */
  private static Config asRead(Config config) {
    return TextKeys.asWritten(SparkBlock.withWholeNames(config));
  }

  /** Every key, blocks among them, but for the options of models. */
  static List<String> keys() {
    List<String> keys = new ArrayList<>();
    leaves(DEFAULTS.root(), "", keys);
    leaves(FOLD, "data.validation.", keys);
    ComponentBlock.optionKeys().stream().filter(key -> !keys.contains(key)).forEach(keys::add);
    return keys;
  }

  /** One line for every object that stands where a value is expected, and is no distribution. */
  public static List<String> unknownDistributions(Config written) {
    List<String> problems = new ArrayList<>();
    findUnknownDistributions("", written.root(), DEFAULTS.root(), problems);
    return problems;
  }

  private static void findUnknownDistributions(
      String prefix, ConfigObject written, ConfigObject known, List<String> problems) {
    for (String name : written.keySet()) {
      String key = prefix + name;
      ConfigValue expected = known.get(name);
      boolean isOption = prefix.equals("model.") || ComponentBlock.optionKeys().contains(key);
      if (!(written.get(name) instanceof ConfigObject object)
          || Distributions.isDistribution(object)
          || key.equals("data.validation")
          || (expected == null && !isOption)) {
        continue;
      }
      if (!(expected instanceof ConfigObject block)) {
        problems.add(Distributions.unknown(key, object));
      } else if (!key.equals("spark.conf") && !key.equals("ensemble.distill.run")) {
        findUnknownDistributions(key + ".", object, block, problems);
      }
    }
  }

  /** An experiment as a person would write it, without secrets. */
  public static String fileText(Config experiment) {
    return Hocon.render(Secrets.hidden(experiment));
  }

  /**
   * Reads the search block of what was written.
   *
   * @throws ConfigurationException with every problem of it
   */
  public static SearchSettings search(Config written) {
    List<String> problems = new ArrayList<>();
    SearchSettings search = SearchReader.read(new Settings(effective(written), problems));
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return search;
  }

  /**
   * Reads the ensemble block of what was written.
   *
   * @throws ConfigurationException with every problem of it
   */
  public static EnsembleSettings ensemble(Config written) {
    ConfigurationReader reader = new ConfigurationReader();
    Settings settings = new Settings(effective(written), reader.problems);
    EnsembleSettings ensemble = EnsembleReader.read(settings);
    // The runs of members, which are looked at as a whole, do not have this block.
    ConfigObject given = ShortBlocks.asBlocks(written).root();
    if (given.get(ENSEMBLE) instanceof ConfigObject block) {
      ConfigObject known = (ConfigObject) DEFAULTS.root().get(ENSEMBLE);
      reader.checkKeys(block, known, ENSEMBLE + ".", settings);
    }
    if (!reader.problems.isEmpty()) {
      throw new ConfigurationException(reader.problems);
    }
    return ensemble;
  }

  /**
   * Reads a complete configuration that {@link RunConfiguration.EffectiveText#full()} holds, on the
   * driver or an executor.
   *
   * @throws ConfigurationException with every problem
   */
  public static RunConfiguration readEffective(String text) {
    return new ConfigurationReader()
        .validate(SparkBlock.withoutUnknown(ConfigurationFile.parse(text, "config.conf")));
  }

  private void addMissingSecret(String key) {
    problems.add(
        key
            + ": expected its value, which is secret and therefore in no file of a run: give it"
            + " again, "
            + key
            + "=…, or export the environment variable that it came from");
  }

  private RunConfiguration validate(Config written) {
    List<String> drawn = Distributions.problems(written.root());
    if (!drawn.isEmpty()) {
      throw new ConfigurationException(drawn);
    }
    Config given = ShortBlocks.asBlocks(written);
    Config merged = effective(written);
    if (needsSecrets) {
      Secrets.missing(merged).forEach(this::addMissingSecret);
    }
    Settings settings = new Settings(merged, problems);
    RunConfiguration configuration = configuration(merged, settings);
    checkKeys(given.root(), DEFAULTS.root(), "", settings);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return configuration;
  }

  private RunConfiguration configuration(Config merged, Settings settings) {
    String name = settings.text("name", "a name");
    if (!name.matches("[A-Za-z0-9._-]+")) {
      settings.problem("name", "letters, digits, '.', '_' and '-' alone");
    }
    Data data = data(settings);
    return new RunConfiguration(
        name,
        place(settings, "output").orElse("runs/" + name),
        settings.flag("overwrite"),
        settings.longNumber("seed"),
        data,
        augmentations(settings),
        model(settings, data.shape()),
        OptimizerReader.read(settings),
        training(settings, data.validation()),
        checkpoint(settings),
        new Accelerator.Settings(
            settings.flag("accelerator.compiled"),
            new LayerHelpers.Settings(
                Arrays.stream(LayerKind.values())
                    .filter(kind -> settings.flag("accelerator." + kind.key()))
                    .collect(Collectors.toSet())),
            settings.named(
                "accelerator.instruction-set",
                InstructionSetLimit.values(),
                InstructionSetLimit::key)),
        new Spark(settings.optionalText("spark.master"), settings.leaves("spark.conf")),
        text(merged));
  }

  private static EffectiveText text(Config merged) {
    Config identity = merged.withoutPath("search").withoutPath("ensemble");
    for (String key : NOT_IDENTITY) {
      identity = identity.withoutPath(key);
    }
    return EffectiveText.of(merged, identity);
  }

  private Data data(Settings settings) {
    String format = settings.oneOf("data.format", new TreeSet<>(ImageSources.formats()));
    Optional<String> train = place(settings, "data.train");
    if (format.equals(ImageSources.AUTOMATIC) && train.isEmpty()) {
      format = SYNTHETIC;
    } else if (format.equals(SYNTHETIC) && train.isPresent()) {
      settings.problem(
          "data.train",
          "null, since data.format = synthetic generates its images; data.format=auto reads yours");
    }
    boolean synthetic = format.equals(SYNTHETIC);
    if (train.isEmpty() && !synthetic) {
      settings.problem("data.train", "where the training images are");
    }
    Optional<Validation> validation = validation(settings);
    if (synthetic && validation.orElse(null) instanceof Validation.Location) {
      settings.problem("data.validation", "a fraction beside generated images");
    }
    int channels = settings.wholeNumber("data.image.channels", 1, 3);
    if (channels == 2) {
      settings.problem("data.image.channels", "1 (grey) or 3 (RGB)");
      channels = 1;
    }
    ImageShape shape =
        new ImageShape(
            settings.wholeNumber("data.image.height", 1, 4096),
            settings.wholeNumber("data.image.width", 1, 4096),
            channels);
    long seed = settings.longNumber(settings.isNull("data.seed") ? "seed" : "data.seed");
    return new Data(
        format,
        train.orElse(""),
        validation,
        TestReader.read(settings, synthetic),
        shape,
        settings.optionalWholeNumber("data.limit", 1),
        seed,
        new ImageQuality(
            settings
                .oneOf("data.on-bad-image", new TreeSet<>(List.of("quarantine", "fail")))
                .equals("fail"),
            new DecodeLimits(
                settings.wholeNumber("data.max-image-megapixels", 1, 2000) * 1_000_000L,
                (long) settings.wholeNumber("data.max-file-megabytes", 1, 1024) << 20)),
        settings.oneOf("data.normalize", new TreeSet<>(List.of("auto", "none"))).equals("auto"),
        settings.number(
            "data.memory-fraction", "a number in (0, 0.9]", value -> value > 0 && value <= 0.9),
        new SyntheticSettings(
            settings.wholeNumber("data.synthetic.train-examples", 1, Integer.MAX_VALUE),
            settings.wholeNumber("data.synthetic.test-examples", 1, Integer.MAX_VALUE),
            settings.wholeNumber("data.synthetic.classes", 2, 10),
            settings.number(
                "data.synthetic.noise", "a number in [0, 1]", value -> value >= 0 && value <= 1),
            seed));
  }

  /** A path, with the home directory in place of {@code ~}. */
  static Optional<String> place(Settings settings, String key) {
    return settings
        .optionalText(key)
        .map(
            text -> {
              try {
                return Locations.expandHome(text);
              } catch (IllegalArgumentException e) {
                settings.problem(key, "a path, in which only your own home is ~; " + HOME_ADVICE);
                return text;
              }
            });
  }

  private static Optional<Validation> validation(Settings settings) {
    if (settings.isNull("data.validation")) {
      return Optional.empty();
    }
    if (settings.isObject("data.validation")) {
      return Optional.of(fold(settings));
    }
    if (OUT_OF_BAG.equals(settings.optionalText("data.validation").orElse(""))) {
      return Optional.of(new Validation.OutOfBag());
    }
    if (settings.isNumber("data.validation")) {
      return Optional.of(
          new Validation.Fraction(
              settings.number(
                  "data.validation",
                  "a fraction in (0, 1), a path, {fold = …, folds = …} or out-of-bag",
                  value -> value > 0 && value < 1)));
    }
    return place(settings, "data.validation").map(Validation.Location::new);
  }

  private static Validation fold(Settings settings) {
    double folds =
        settings.number(
            "data.validation.folds",
            "a whole number from 2 to " + MOST_FOLDS,
            value -> value == Math.rint(value) && value >= 2 && value <= MOST_FOLDS);
    // Where folds does not fit there is nothing to compare fold with.
    int most = folds < 2 ? MOST_FOLDS : (int) folds;
    return new Validation.Fold(settings.wholeNumber("data.validation.fold", 1, most), most);
  }

  private static List<ComponentSettings> augmentations(Settings settings) {
    return settings.value("augment", AUGMENTATIONS).orElse(List.of());
  }

  private static ComponentSettings model(Settings settings, ImageShape shape) {
    ComponentSettings model = settings.member("model", Models.FAMILY);
    int smallest = Models.FAMILY.create(model).smallestImage();
    if (shape.height() < smallest || shape.width() < smallest) {
      settings.problem(
          "data.image",
          String.format(
              Locale.ROOT,
              "images of at least %d × %d pixels for %s",
              smallest,
              smallest,
              model.name()));
    }
    return model;
  }

  private static Training training(Settings settings, Optional<Validation> validation) {
    settings.oneOf("averaging.strategy", new TreeSet<>(List.of("mean")));
    boolean off = settings.isOff("training.early-stopping");
    boolean automatic =
        settings.optionalText("training.threads-per-worker").orElse("").equals("auto");
    return new Training(
        settings.wholeNumber("training.batch-size", 1, 1 << 20),
        settings.wholeNumber("training.epochs", 1, 1_000_000),
        settings.wholeNumber("training.workers", 1, 100_000),
        settings.wholeNumber("training.averaging-frequency", 1, Integer.MAX_VALUE),
        automatic
            ? OptionalInt.empty()
            : OptionalInt.of(settings.wholeNumber("training.threads-per-worker", 1, 1024)),
        settings.isNull("training.max-minutes")
            ? Double.POSITIVE_INFINITY
            : 60
                * settings.number(
                    "training.max-minutes", "a number above 0 or null", value -> value > 0),
        settings
            .oneOf("averaging.optimizer-state", new TreeSet<>(List.of("average", "reset")))
            .equals("average"),
        off
            ? new Interval(1, Interval.Unit.EPOCHS)
            : settings.interval("training.early-stopping.every", ROUNDS_OR_EPOCHS),
        off ? Optional.empty() : Optional.of(earlyStopping(settings, validation.isPresent())),
        resample(settings, validation));
  }

  private static Optional<Resampling> resample(Settings settings, Optional<Validation> validation) {
    String block = "training.resample.";
    Resample.Method method =
        settings.isNull(block + "method")
            ? Resample.Method.FULL
            : settings.named(block + "method", Resample.Method.values(), Resample.Method::key);
    Resample resample =
        new Resample(
            method,
            settings.number(
                block + "fraction", "a number in (0, 1]", value -> value > 0 && value <= 1),
            settings.flag(block + "stratified"),
            settings.wholeNumber(block + "folds", 2, MOST_FOLDS),
            settings.longNumber(settings.isNull(block + "seed") ? "seed" : block + "seed"),
            settings.wholeNumber(block + "member", 0, MOST_MEMBERS));
    Optional<String> weights = place(settings, block + "weights");
    if (weights.isPresent() && method == Resample.Method.FOLDS) {
      settings.problem(block + "weights", "null for folds, which are not drawn");
    }
    boolean leavesOut =
        method == Resample.Method.BOOTSTRAP
            || method == Resample.Method.FOLDS
            || (method == Resample.Method.PASTING && resample.fraction() < 1);
    if (validation.orElse(null) instanceof Validation.OutOfBag && !leavesOut) {
      settings.problem(
          "data.validation",
          "something else where training.resample leaves no image out; bootstrap does");
    }
    return method == Resample.Method.FULL
        ? Optional.empty()
        : Optional.of(new Resampling(resample, weights));
  }

  private static EarlyStopping earlyStopping(Settings settings, boolean hasValidation) {
    if (!hasValidation) {
      settings.problem(
          "data.validation", "validation images, or training.early-stopping=off without them");
    }
    return new EarlyStopping(
        settings.named(
            "training.early-stopping.metric",
            EarlyStopping.Metric.values(),
            EarlyStopping.Metric::key),
        settings.wholeNumber("training.early-stopping.patience", 1, Integer.MAX_VALUE),
        settings.number(
            "training.early-stopping.min-delta", "a number of at least 0", value -> value >= 0));
  }

  private static Checkpoint checkpoint(Settings settings) {
    return new Checkpoint(
        settings.interval("checkpoint.every", List.of(Interval.Unit.values())),
        settings.wholeNumber("checkpoint.keep", 1, Integer.MAX_VALUE),
        settings.wholeNumbers("checkpoint.snapshots", 1));
  }

  /** Notes every given key that the defaults do not have, with the nearest one that they have. */
  private void checkKeys(ConfigObject given, ConfigObject known, String prefix, Settings settings) {
    for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
      String key =
          prefix + ConfigUtil.quoteString(entry.getKey()).replaceAll("^\"([\\w-]+)\"$", "$1");
      ConfigValue expected = known.get(entry.getKey());
      if (key.startsWith("spark.conf.")
          || key.startsWith("ensemble.distill.run.")
          || ComponentBlock.optionKeys().contains(key)
          || modelOptions(settings).contains(key)
          || isUnsetModelOption(key, entry.getValue())) {
        continue;
      }
      if (!known.containsKey(entry.getKey())) {
        problems.add(
            key
                + ": unknown key"
                + KeyNames.hint(
                    key, entry.getValue() instanceof ConfigObject, modelOptions(settings))
                + " ("
                + Settings.place(entry.getValue())
                + ")");
      } else if (expected instanceof ConfigObject object) {
        checkObject(key, entry.getValue(), object, settings);
      } else if (key.equals("data.validation") && entry.getValue() instanceof ConfigObject object) {
        checkKeys(object, FOLD, key + ".", settings);
      }
    }
  }

  private void checkObject(String key, ConfigValue given, ConfigObject known, Settings settings) {
    if (given instanceof ConfigObject object) {
      checkKeys(object, known, key + ".", settings);
    } else if (!(key.equals("training.early-stopping") && settings.isOff(key))) {
      settings.problem(
          key,
          key.equals("training.early-stopping")
              ? "off or an object"
              : "an object { … }" + KeyNames.hintOfBlock(key, given));
    }
  }

  /** The keys of what can be set on the experiment's model. */
  private static List<String> modelOptions(Settings settings) {
    String name = settings.optionalText("model.name").orElse("");
    return Models.FAMILY.names().contains(name)
        ? Models.FAMILY.member(name).options().stream()
            .map(option -> "model." + option.name())
            .toList()
        : List.of();
  }

  /** An option of the experiment's model that makes room for another model. */
  private static boolean isUnsetModelOption(String key, ConfigValue given) {
    return key.startsWith("model.")
        && !key.equals("model.name")
        && given.valueType() == ConfigValueType.NULL;
  }

  private static void leaves(ConfigObject object, String prefix, List<String> keys) {
    object.forEach(
        (name, value) -> {
          keys.add(prefix + name);
          if (value instanceof ConfigObject child) {
            leaves(child, prefix + name + ".", keys);
          }
        });
  }
}
