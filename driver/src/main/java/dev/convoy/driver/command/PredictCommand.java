package dev.convoy.driver.command;

import com.typesafe.config.ConfigFactory;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.Text;
import dev.convoy.data.augment.TestTimeAugmentation;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.ImagePrediction;
import dev.convoy.driver.cluster.MemberPrediction;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.OutputFile;
import dev.convoy.driver.ensemble.NumberFile;
import dev.convoy.driver.ensemble.PredictionFile;
import dev.convoy.driver.ensemble.PredictionFile.Format;
import dev.convoy.driver.ensemble.PredictionLines;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.ImageListings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code convoy predict}. */
@Command(
    name = "predict",
    description = "Say what a model or an ensemble takes images for.",
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  /** Stands for the model's own until that is read. */
  private static final StoredShape ANY_SHAPE = StoredShape.resized(new ImageShape(1, 1, 1));

  @Parameters(
      index = "0",
      paramLabel = "MODEL|ENSEMBLE",
      description = "A model.zip, an ensemble.zip, or the directory of a run that holds one.")
  private String model;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "key.path=value",
      description = "Settings of Spark, decoding and threads that differ from the defaults.")
  private List<String> overrides = List.of();

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR|FILE",
      description = "A directory with images, at any depth, or one image.")
  private String images;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Where to write, one line an image; replaced if it is there. - is stdout.")
  private String output;

  @Option(
      names = "--format",
      paramLabel = "csv|jsonl",
      description = "How to write; by default as the output's name says, else csv.")
  private String format;

  @Mixin private ViewsOption views;

  @Override
  public Integer call() {
    Format how = format();
    TestTimeAugmentation augmentation = views.augmentation();
    Progress progress = ConfiguredCommand.progress();
    RunConfiguration anyShape = configuration(ANY_SHAPE);
    Configuration hadoop = ImageLocations.hadoop(anyShape.spark().settings());
    OutputFile file = OutputFile.at(output, "--output", hadoop);
    if (file.replaces(model)) {
      throw new UsageException("--output " + output + ": expected another file than the model's");
    }
    EnsembleArchive.Ensemble ensemble = ModelFile.read(model, hadoop);
    RunConfiguration configuration = configuration(ensemble.card().store());
    try (SparkCluster cluster = SparkCluster.start(configuration, progress);
        MemberPrediction members =
            new MemberPrediction(
                cluster,
                configuration,
                ensemble.predictionModels(),
                ensemble.card().labels().size(),
                configuration
                    .training()
                    .threadsPerWorker()
                    .orElseGet(() -> cluster.threadsPerWorker(cluster.slots())),
                augmentation)) {
      RunConfiguration.Data data = configuration.data();
      Listing listing = ImageListings.unlabelled(data, data.train(), progress).listing();
      long[] counts = new long[2];
      if (file.replacesAnyOf(listing)) {
        throw new UsageException("--output " + output + ": expected another file than an image's");
      }
      file.write(
          out -> {
            BufferedWriter writer =
                new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            PredictionLines lines =
                ModelFile.numberScale(ensemble).isPresent()
                    ? new NumberFile(ensemble.card().labels(), how, writer)
                    : new PredictionFile(ensemble.card(), how, writer);
            ImagePrediction.predict(cluster, configuration, members, listing, progress, lines);
            writer.flush();
            counts[0] = lines.predicted();
            counts[1] = lines.rejected();
          });
      progress.say(
          Text.of(
              "predicted %s in %s%s",
              Text.count(counts[0], "image"),
              file.name(),
              counts[1] == 0 ? "" : Text.of("; %,d could not be read, see there", counts[1])));
      return ExitCode.DONE;
    }
  }

  private Format format() {
    String name =
        format != null
            ? format
            : output.endsWith(".jsonl") || output.endsWith(".ndjson") ? "jsonl" : "csv";
    try {
      return Format.of(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--format " + format + ": expected csv or jsonl");
    }
  }

  /** The images' place stands where training images would. */
  private RunConfiguration configuration(StoredShape store) {
    ImageShape shape = store.input();
    List<String> settings = new ArrayList<>(overrides);
    settings.add("data.format=image-folder");
    settings.add("model.name=linear"); // the file has its own; this one takes images of any size
    settings.add(
        Text.of(
            "data.image={height=%d, width=%d, channels=%d}",
            shape.height(), shape.width(), shape.channels()));
    settings.add("data.store=" + (store.isResized() ? "resized" : store.longestSide()));
    WrittenConfiguration written =
        new WrittenConfiguration(
                ConfigFactory.parseMap(Map.of("data.train", images, "name", "predict")), List.of())
            .with(settings);
    return ConfigurationReader.of(written);
  }
}
