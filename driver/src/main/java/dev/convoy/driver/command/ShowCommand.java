package dev.convoy.driver.command;

import dev.convoy.data.Text;
import dev.convoy.data.image.ImageFormat;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Quarantined;
import dev.convoy.data.source.Role;
import dev.convoy.driver.cluster.AugmentedExamples;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.OutputFile;
import dev.convoy.driver.directory.QuarantineFile;
import dev.convoy.driver.report.ContactSheet;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.DataSplit;
import dev.convoy.driver.training.ImageListings;
import dev.convoy.driver.training.TestImages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code convoy show}. */
@Command(
    name = "show",
    customSynopsis = {ShowCommand.SYNOPSIS, ""},
    description = {
      "Draw training images as the network sees them: a row for each of some images, first without"
          + " augmentation, then as augmented in the first epochs.",
      "",
      "Images that cannot be read follow them, with their names and what is wrong with them: those"
          + " among the drawn ones, and those that a run or a preparation in output has found.",
      "",
      "Which images these are depends on data.seed, and how they are augmented on seed."
    },
    mixinStandardHelpOptions = true)
final class ShowCommand extends ConfiguredCommand {
  static final String SYNOPSIS =
      "convoy show CONF [key.path=value …] [--rows N] [--columns N] [--output FILE]";

  private static final int MAX_ROWS = 100;
  private static final int MAX_COLUMNS = 20;

  /** Small pictures are drawn so large that they can be looked at, in pixels. */
  private static final int MIN_SIDE = 96;

  private static final int PLAIN = 0x1f6fb4;
  private static final int AUGMENTED = 0xe4e8ed;
  private static final int UNREADABLE = 0xc62828;

  @Option(
      names = "--rows",
      defaultValue = "8",
      paramLabel = "N",
      description = "How many images, ${DEFAULT-VALUE} by default.")
  private int rows;

  @Option(
      names = "--columns",
      defaultValue = "8",
      paramLabel = "N",
      description = "How many times each, ${DEFAULT-VALUE} by default.")
  private int columns;

  @Option(
      names = "--output",
      defaultValue = "show.png",
      paramLabel = "FILE",
      description = "The PNG, ${DEFAULT-VALUE} by default; replaced if it is there.")
  private String output;

  @Override
  String synopsis() {
    return SYNOPSIS;
  }

  @Override
  int run(RunConfiguration configuration) {
    configuration.data().requireClasses("show");
    UsageException.requireRange("--rows", rows, 1, MAX_ROWS);
    UsageException.requireRange("--columns", columns, 1, MAX_COLUMNS);
    Progress progress = progress();
    requirePng();
    OutputFile file =
        OutputFile.at(output, "--output", ImageLocations.hadoop(configuration.spark().settings()));
    try (SparkCluster cluster = SparkCluster.start(configuration, progress)) {
      RunConfiguration.Data data = configuration.data();
      ListedImages listed =
          TestImages.without(ImageListings.list(data, data.train(), Role.TRAIN, progress), data);
      if (file.replacesAnyOf(listed.listing())) {
        throw new UsageException("--output " + output + ": expected another file than an image's");
      }
      Listing chosen = DataSplit.some(listed.listing(), rows, data.seed());
      List<String> classes = listed.classNames();
      try (ShardedImages images =
          ShardedImages.pack(
              cluster,
              configuration,
              Role.TRAIN,
              data.train(),
              new Listing[] {chosen},
              classes.size(),
              progress)) {
        List<AugmentedExamples.Example> examples =
            AugmentedExamples.of(configuration, images, classes.size(), columns - 1);
        List<Quarantined> quarantined =
            unreadable(configuration, images.statistics().quarantined(), progress);
        describe(examples, classes, progress);
        draw(examples, quarantined, file);
        progress.say("drew them in " + file.name());
      }
    }
    return ExitCode.DONE;
  }

  /** A name that promises another format would mislead whatever opens it. */
  private void requirePng() {
    if (ImageFormat.ofName(output).filter(format -> format != ImageFormat.PNG).isPresent()) {
      throw new UsageException(
          "--output " + output + ": expected a name that ends in .png, the format that is written");
    }
  }

  /**
   * Those among the drawn images and those that are known in the output directory, each once and as
   * many as there is room for.
   */
  private List<Quarantined> unreadable(
      RunConfiguration configuration, List<Quarantined> drawn, Progress progress) {
    Map<String, Quarantined> byPath = new LinkedHashMap<>();
    drawn.forEach(image -> byPath.put(image.path(), image));
    QuarantineFile.in(
            configuration.output(), ImageLocations.hadoop(configuration.spark().settings()))
        .forEach(image -> byPath.putIfAbsent(image.path(), image));
    List<Quarantined> shown = byPath.values().stream().limit((long) rows * columns).toList();
    for (Quarantined image : shown) {
      progress.say("cannot be read: " + image.path() + ": " + image.reason());
    }
    if (shown.size() < byPath.size()) {
      progress.say(
          Text.of(
              "%,d more are in %s/quarantine.jsonl",
              byPath.size() - shown.size(), configuration.output()));
    }
    return shown;
  }

  private static void describe(
      List<AugmentedExamples.Example> examples, List<String> classes, Progress progress) {
    for (int row = 0; row < examples.size(); row++) {
      AugmentedExamples.Example example = examples.get(row);
      progress.say(
          Text.of("row %d: %s, %s", row + 1, classes.get(example.label()), example.location()));
    }
  }

  private void draw(
      List<AugmentedExamples.Example> examples, List<Quarantined> quarantined, OutputFile file) {
    int side =
        examples.stream()
            .flatMap(example -> example.pictures().stream())
            .mapToInt(picture -> Math.max(picture.shape().height(), picture.shape().width()))
            .max()
            .orElse(1);
    List<ContactSheet.Cell> cells =
        Stream.concat(
                examples.stream().flatMap(ShowCommand::cells),
                quarantined.stream().map(ShowCommand::cell))
            .toList();
    int scale = Math.max(1, MIN_SIDE / side);
    file.write(out -> ContactSheet.writePng(ContactSheet.draw(cells, columns, scale * side), out));
  }

  private static Stream<ContactSheet.Cell> cells(AugmentedExamples.Example example) {
    return IntStream.range(0, example.pictures().size())
        .mapToObj(
            column ->
                new ContactSheet.PictureCell(
                    example.pictures().get(column), column == 0 ? PLAIN : AUGMENTED));
  }

  private static ContactSheet.Cell cell(Quarantined image) {
    String name = image.path().substring(image.path().lastIndexOf('/') + 1);
    return new ContactSheet.TextCell(List.of(name, image.reason()), UNREADABLE);
  }
}
