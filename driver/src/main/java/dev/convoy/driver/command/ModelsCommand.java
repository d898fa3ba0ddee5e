package dev.convoy.driver.command;

import com.typesafe.config.ConfigFactory;
import dev.convoy.data.Text;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Option;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.StandardOutput;
import dev.convoy.driver.report.AlignedText;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.accelerator.TrainingMemory;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.LayerTable;
import dev.convoy.worker.graph.Shape;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.Architecture;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.LayerRates;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code convoy models}. */
@Command(
    name = "models",
    customSynopsis = {
      "convoy models",
      "convoy models NAME [model.OPTION=value …] [--layers] [--image N] [--channels N] [--classes N]",
      "                   [--batch-size N]",
      "convoy models CONF [key.path=value …] [--layers] …",
      ""
    },
    description = {
      "List the models, or describe one, or that of an experiment: its parameters, what it computes"
          + " an image with, and how much memory that takes.",
    },
    mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {
  private static final int MAX_SIDE = 4096;
  private static final int PHOTOGRAPH = 200;
  private static final int MEGABYTE = 1_000_000;
  private static final int COLOURS = 3;
  private static final int LONG_VALUE = 80;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Of a model, or of an experiment's file.")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "model.OPTION=value",
      description = "Options of the model that differ from the defaults, or the file.")
  private List<String> overrides = List.of();

  @picocli.CommandLine.Option(names = "--layers", description = "Describe every layer.")
  private boolean layers;

  @picocli.CommandLine.Option(
      names = "--image",
      paramLabel = "N",
      description = "Height and width of images in pixels; by default those it was made for.")
  private Integer image;

  @picocli.CommandLine.Option(
      names = "--channels",
      paramLabel = "N",
      description = "1 (grey) or 3 (RGB), 3 by default.")
  private Integer channels;

  @picocli.CommandLine.Option(
      names = "--classes",
      paramLabel = "N",
      description = "How many classes; by default 1,000 for photographs, 10 for small images.")
  private Integer classes;

  @picocli.CommandLine.Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Tell what training with batches of N images takes in memory.")
  private Integer batchSize;

  @Override
  public Integer call() throws UnsupportedNetworkException {
    PrintStream out = StandardOutput.results();
    if (name == null) {
      list(out);
    } else {
      describe(out);
    }
    return ExitCode.DONE;
  }

  private static void list(PrintStream out) {
    List<Component<? extends Architecture>> models = Models.FAMILY.members();
    int width = models.stream().mapToInt(model -> model.name().length()).max().orElse(0);
    for (Component<? extends Architecture> model : models) {
      out.println(
          Text.of(
              "%-" + width + "s  %s%s",
              model.name(),
              model.meaning(),
              model.paper().map(paper -> "; " + paper).orElse("")));
    }
  }

  private void describe(PrintStream out) throws UnsupportedNetworkException {
    RunConfiguration run = run();
    ComponentSettings settings = run.model();
    int usual = usualImage(settings.name());
    classes = classes == null ? Integer.valueOf(usual < PHOTOGRAPH ? 10 : 1000) : classes;
    UsageException.requireRange("--classes", classes, 2, 1_000_000);
    InputShape input = InputShape.of(run.data().shape(), classes);
    LayerTable table =
        LayerTable.of(GraphReader.read(Models.configuration(settings, input), input));
    Component<? extends Architecture> model = Models.FAMILY.member(settings.name());
    out.println(model.name() + ": " + model.meaning());
    model.paper().ifPresent(out::println);
    for (Option<?> option : model.options()) {
      Object value =
          settings.options().getOrDefault(option.name(), option.plainDefault().orElse("null"));
      out.println(
          Text.of("  model.%s = %s: %s", option.name(), shortened(value), option.meaning()));
    }
    out.println(
        Text.of(
            "images of %d × %d × %d, %d classes",
            input.height(), input.width(), input.channels(), classes));
    Set<String> frozen = frozen(run, Models.configuration(settings, input));
    if (layers) {
      out.println();
      table(table, frozen).forEach(out::println);
    }
    out.println();
    totals(table).forEach(out::println);
    if (!frozen.isEmpty()) {
      out.println(frozenTotal(table, frozen));
    }
    if (batchSize != null) {
      UsageException.requireRange("--batch-size", batchSize, 1, 65_536);
      out.println(training(settings, input));
    }
  }

  /** The layers that never learn. */
  private static Set<String> frozen(RunConfiguration run, ComputationGraphConfiguration network) {
    LayerRates rates = run.optimizer().layers();
    List<String> unknown = rates.unknown(network);
    if (!unknown.isEmpty()) {
      throw new ConfigurationException(
          "transfer.freeze and transfer.freeze-up-to: expected names of layers of %s, found %s, which"
              + " fits none",
          run.model().name(), String.join(", ", unknown));
    }
    return rates.frozenLayers(network);
  }

  private static String frozenTotal(LayerTable table, Set<String> frozen) {
    return Text.of(
        "frozen         %,d of the weights, which stay as transfer.model gives them",
        table.layers().stream()
            .filter(layer -> frozen.contains(layer.name()))
            .mapToLong(layer -> layer.work().weights())
            .sum());
  }

  private static String shortened(Object value) {
    String text = value.toString();
    return text.length() <= LONG_VALUE ? text : "…";
  }

  /** Planned as it would be run on this machine, without making the network. */
  private String training(ComponentSettings settings, InputShape input)
      throws UnsupportedNetworkException {
    TrainingMemory memory =
        TrainingMemory.of(
            Models.configuration(settings, input),
            input,
            ComponentSettings.defaults("sgd"),
            batchSize,
            Accelerator.Settings.all(),
            /* stepsBySegment= */ true);
    return Text.of(
        "memory         %s outside of the Java heap to train with batches of %d: %s of parameters,"
            + " %s of results, gradients and what is computed with, and %s more where gradients are"
            + " clipped or disturbed; momentum keeps %s on the heap, Adam twice that",
        megabytes(memory.nativeBytes()),
        batchSize,
        megabytes(memory.parameters()),
        megabytes(memory.values()),
        megabytes(memory.parameters()),
        megabytes(memory.parameters()));
  }

  /** Of a model that there is; settings say what there is instead. */
  private static int usualImage(String model) {
    return Models.FAMILY.names().contains(model)
        ? Models.FAMILY.create(ComponentSettings.defaults(model)).usualImage()
        : 1;
  }

  /** An experiment that has the model, so that what does not fit is said in its words. */
  private RunConfiguration run() {
    boolean isFile = name.contains(".") || name.contains("/"); // which no model's name has
    List<String> all = new ArrayList<>(overrides);
    if (image != null || !isFile) {
      int side = image == null ? usualImage(name) : image;
      UsageException.requireRange("--image", side, 1, MAX_SIDE);
      all.add(Text.of("data.image={height=%d, width=%d}", side, side));
    }
    if (channels != null || !isFile) {
      int colours = channels == null ? COLOURS : channels;
      UsageException.requireRange("--channels", colours, 1, COLOURS);
      all.add(Text.of("data.image.channels=%d", colours));
    }
    if (isFile) {
      return ConfigurationReader.read(name, all);
    }
    all.add(0, "model.name=" + name);
    return ConfigurationReader.of(
        new WrittenConfiguration(ConfigFactory.parseMap(Map.of("name", "models")), List.of())
            .with(all));
  }

  private static List<String> table(LayerTable table, Set<String> frozen) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        row(frozen, "", "layer", "output", "weights", "multiply-adds", "bytes", "receptive field"));
    for (LayerTable.Layer layer : table.layers()) {
      rows.add(
          row(
              frozen,
              frozen.contains(layer.name()) ? "frozen" : "",
              layer.name(),
              extent(layer.output()),
              Text.of("%,d", layer.work().weights()),
              Text.of("%,d", layer.work().multiplyAdds()),
              Text.of("%,d", layer.bytes()),
              layer.field().height() + " × " + layer.field().width()));
    }
    return AlignedText.lines(rows, /* left= */ 1);
  }

  /** A row, which tells of freezing where anything is frozen. */
  private static List<String> row(Set<String> frozen, String state, String... cells) {
    List<String> row = new ArrayList<>(List.of(cells));
    if (!frozen.isEmpty()) {
      row.add(state);
    }
    return row;
  }

  private static String extent(Shape shape) {
    return shape.isVector()
        ? Text.of("%d", shape.channels())
        : Text.of("%d × %d × %d", shape.height(), shape.width(), shape.channels());
  }

  private static List<String> totals(LayerTable table) {
    long weights = table.work().weights();
    return List.of(
        Text.of("weights        %,d (%s in float32)", weights, megabytes(weights * Float.BYTES)),
        Text.of("statistics     %,d, measured and not learned", table.work().statistics()),
        Text.of("multiply-adds  %,d an image, forward", table.work().multiplyAdds()),
        Text.of(
            "results        %s an image, of all layers in float32; training also has as much of"
                + " gradients",
            megabytes(table.bytes())),
        Text.of(
            "training       %s with gradients, %s with momentum, %s with Adam's moments, of weights",
            megabytes(2 * weights * Float.BYTES),
            megabytes(3 * weights * Float.BYTES),
            megabytes(4 * weights * Float.BYTES)));
  }

  private static String megabytes(long bytes) {
    return bytes < MEGABYTE
        ? Text.of("%.1f kB", bytes / 1e3)
        : Text.of("%,.1f MB", (double) bytes / MEGABYTE);
  }
}
