package dev.convoy.benchmark.ensemble;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.ensemble.Streaming.Heap;
import dev.convoy.benchmark.spark.JpegFolders;
import dev.convoy.data.ImageShape;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.cluster.ImagePrediction;
import dev.convoy.driver.ensemble.PredictionFile;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.model.InputShape;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Very many images predicted by the smallest networks there are, so that reading is most of the
 * work. Every image is read and decoded; its line is made, and thrown away.
 */
final class StreamingMeasurement {
  private static final int SIDE = 28;
  private static final int CLASSES = 10;
  private static final List<Integer> LOOKS_PERCENT = List.of(10, 50, 100);
  private static final long WATCH_MILLIS = 2000;
  private static final double BYTES_OF_A_MEGABYTE = 1e6;

  private final Scale scale;
  private final Path output;
  private final PrintStream progress;

  /**
   * How much is predicted.
   *
   * @param images that are listed, each by a name of its own
   * @param files that the names lead to
   * @param members of the ensemble, at least 1
   */
  record Scale(int images, int files, int members) {
    private static final int USUAL_FILES = 2000;

    static Scale usual(int images, int members) {
      return new Scale(images, USUAL_FILES, members);
    }
  }

  /**
   * A measurement that is to be taken.
   *
   * @param output the directory of the benchmark
   */
  StreamingMeasurement(Scale scale, Path output, PrintStream progress) {
    this.scale = scale;
    this.output = output;
    this.progress = progress;
  }

  /** Runs everything. */
  Streaming run() {
    progress.printf(
        Locale.ROOT,
        "%,d images from %,d files, %d members:%n",
        scale.images(),
        scale.files(),
        scale.members());
    ImageShape shape = new ImageShape(SIDE, SIDE, 1);
    try {
      Path folder =
          JpegFolders.draw(
              output.resolve(String.format(Locale.ROOT, "jpegs-%s-%d", shape, scale.files())),
              shape,
              scale.files());
      EnsembleArchive.Ensemble ensemble =
          UntrainedEnsemble.of(
              ComponentSettings.defaults("linear"),
              new InputShape(SIDE, SIDE, 1, CLASSES),
              scale.members());
      try (PredictionSession session = PredictionSession.start(folder, shape);
          AskedEnsemble asked = session.ask(ensemble)) {
        return stream(asked, session.files(), shape);
      }
    } catch (IOException e) {
      throw new BenchmarkException("Cannot measure an ensemble: " + e.getMessage(), e);
    }
  }

  private Streaming stream(AskedEnsemble asked, Listing files, ImageShape shape)
      throws IOException {
    Listing images = ManyNames.of(files, scale.images());
    asked.predict(files, asked.lines(Writer.nullWriter())); // makes networks, loads classes
    try (HeapWatch watch = new HeapWatch(WATCH_MILLIS)) {
      Looks looks = new Looks(asked.lines(Writer.nullWriter()), watch);
      looks.look(0);
      asked.predict(images, looks);
      if (looks.lines.predicted() != scale.images()) {
        throw new BenchmarkException(
            String.format(
                Locale.ROOT,
                "Cannot measure an ensemble: expected answers about %,d images, found %,d",
                scale.images(),
                looks.lines.predicted()));
      }
      return new Streaming(
          scale, shape.size(), looks.heap, watch.peak(), Runtime.getRuntime().maxMemory());
    }
  }

  /** Lines that are made and thrown away, with looks at the heap in between. */
  private final class Looks implements ImagePrediction.Sink {
    private final PredictionFile lines;
    private final HeapWatch watch;
    private final List<Heap> heap = new ArrayList<>();

    Looks(PredictionFile lines, HeapWatch watch) {
      this.lines = lines;
      this.watch = watch;
    }

    void look(int images) {
      long bytes = watch.look();
      heap.add(new Heap(images, bytes));
      progress.printf(
          Locale.ROOT, "  heap after %,d: %.1f MB%n", images, bytes / BYTES_OF_A_MEGABYTE);
    }

    @Override
    public void accept(String location, float[] probabilities, int offset) {
      lines.accept(location, probabilities, offset);
      for (int percent : LOOKS_PERCENT) {
        if (lines.predicted() == (long) scale.images() * percent / 100) {
          look((int) lines.predicted());
        }
      }
    }

    @Override
    public void reject(String location, String reason) {
      throw new BenchmarkException("Cannot measure an ensemble: " + location + ": " + reason);
    }
  }
}
