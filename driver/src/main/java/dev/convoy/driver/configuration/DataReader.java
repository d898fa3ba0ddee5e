package dev.convoy.driver.configuration;

import static dev.convoy.data.component.ValueType.number;
import static dev.convoy.data.component.ValueType.oneOf;
import static dev.convoy.data.component.ValueType.wholeNumber;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.normalization.PixelNormalization;
import dev.convoy.data.normalization.PixelNormalizations;
import dev.convoy.data.shard.StoredForm;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.SyntheticSettings;
import dev.convoy.data.source.TableColumns;
import dev.convoy.driver.configuration.RunConfiguration.Data;
import dev.convoy.driver.configuration.RunConfiguration.ImageQuality;
import dev.convoy.driver.configuration.RunConfiguration.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the data block. */
final class DataReader {
  static final int MAX_FOLDS = 100;

  private static final String VALIDATION = "data.validation";
  private static final String NUMBERS = "data.columns.numbers";
  private static final String SYNTHETIC = "synthetic";
  private static final String OUT_OF_BAG = "out-of-bag";

  private static final ValueType<Double> FRACTION =
      new ValueType.Notation<>(
          text -> number(Range.open(0, 1)).read(text, new ArrayList<>()),
          "a fraction in (0, 1), a path, {fold = …, folds = …} or out-of-bag");

  private static final ValueType<Integer> CHANNELS =
      new ValueType.Notation<>(
          text -> Stream.of(1, 3).filter(channels -> text.equals("" + channels)).findFirst(),
          "1 (grey) or 3 (RGB)");

  private static final ValueType<Store> STORE =
      new ValueType.Notation<>(
          text ->
              switch (text) {
                case "resized" -> Optional.of(Store.decoded(0));
                case "decoded" -> Optional.of(Store.decoded(ImageShape.MAX_SIDE));
                case "encoded" -> Optional.of(new Store(ImageShape.MAX_SIDE, StoredForm.ENCODED));
                default ->
                    wholeNumber(1, ImageShape.MAX_SIDE)
                        .read(text, new ArrayList<>())
                        .map(Store::decoded);
              },
          "resized, decoded, encoded, or a longest side in pixels from 1 to "
              + ImageShape.MAX_SIDE);

  /** The values of {@code data.store}. */
  private record Store(int longestSide, StoredForm form) {
    static Store decoded(int longestSide) {
      return new Store(longestSide, StoredForm.DECODED);
    }
  }

  private DataReader() {}

  static Data read(Settings settings) {
    String format = settings.get("data.format", oneOf(ImageSources.formats()));
    Optional<String> train = settings.path("data.train");
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
      settings.problem(VALIDATION, "a fraction beside generated images");
    }
    TableColumns columns = columns(settings, format);
    long seed = settings.seed("data.seed");
    return new Data(
        format,
        train.orElse(""),
        validation,
        TestReader.read(settings, synthetic),
        store(settings),
        settings.path("data.weights"),
        settings.optionalWholeNumber("data.limit", 1),
        seed,
        new ImageQuality(
            settings.get("data.on-bad-image", oneOf(List.of("quarantine", "fail"))).equals("fail"),
            new DecodeLimits(
                settings.get("data.max-image-megapixels", wholeNumber(1, 2000)) * 1_000_000L,
                settings.get("data.max-file-megabytes", wholeNumber(1, 1024)).longValue() << 20)),
        normalization(settings),
        new RunConfiguration.Storage(
            settings.get("data.store", STORE).form(),
            settings.get("data.memory-fraction", number(Range.openClosed(0, 0.9)))),
        columns,
        new SyntheticSettings(
            settings.get("data.synthetic.train-examples", wholeNumber(1)),
            settings.get("data.synthetic.test-examples", wholeNumber(1)),
            settings.get("data.synthetic.classes", wholeNumber(2, 10)),
            settings.get("data.synthetic.noise", number(Range.closed(0, 1))),
            seed));
  }

  private static TableColumns columns(Settings settings, String format) {
    List<String> numbers = settings.get(NUMBERS, new ValueType.Text().list());
    if (!numbers.isEmpty() && !format.equals("manifest")) {
      settings.problem(NUMBERS, "[] unless data.format = manifest");
    }
    if (numbers.stream().distinct().count() < numbers.size()) {
      settings.problem(NUMBERS, "columns that differ");
    }
    if (!numbers.isEmpty()
        && settings.path("data.weights").filter("balanced"::equals).isPresent()) {
      settings.problem("data.weights", "null or a file with data.columns.numbers, not balanced");
    }
    return new TableColumns(
        settings.optionalText("data.columns.image").orElse(null),
        settings.optionalText("data.columns.label").orElse(null),
        numbers);
  }

  private static PixelNormalization normalization(Settings settings) {
    PixelNormalization normalization =
        settings.get("data.normalize", new ValueType.Member<>(PixelNormalizations.FAMILY));
    int channels = settings.get("data.image.channels", CHANNELS);
    if (!normalization.fits(channels)) {
      settings.problem(
          "data.normalize", "a mean and a deviation for each of the images' channels, " + channels);
    }
    return normalization;
  }

  private static StoredShape store(Settings settings) {
    ImageShape input =
        new ImageShape(
            settings.get("data.image.height", wholeNumber(1, ImageShape.MAX_SIDE)),
            settings.get("data.image.width", wholeNumber(1, ImageShape.MAX_SIDE)),
            settings.get("data.image.channels", CHANNELS));
    int longestSide = settings.get("data.store", STORE).longestSide();
    int least = Math.max(input.height(), input.width());
    if (longestSide != 0 && longestSide < least) {
      settings.problem("data.store", "a longest side of at least that of data.image, " + least);
    }
    return new StoredShape(input, longestSide);
  }

  private static Optional<Validation> validation(Settings settings) {
    if (settings.isOff(VALIDATION)) {
      return Optional.empty();
    }
    if (settings.isObject(VALIDATION)) {
      int folds =
          settings.value(VALIDATION + ".folds", wholeNumber(2, MAX_FOLDS)).orElse(MAX_FOLDS);
      int fold = settings.value(VALIDATION + ".fold", wholeNumber(1, folds)).orElse(1);
      return Optional.of(new Validation.Fold(fold, folds));
    }
    if (settings.isNumber(VALIDATION)) {
      return Optional.of(new Validation.Fraction(settings.get(VALIDATION, FRACTION)));
    }
    return settings
        .path(VALIDATION)
        .map(
            path ->
                path.equals(OUT_OF_BAG)
                    ? new Validation.OutOfBag()
                    : new Validation.Location(path));
  }
}
