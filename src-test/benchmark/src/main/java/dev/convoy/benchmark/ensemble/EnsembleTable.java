package dev.convoy.benchmark.ensemble;

import static dev.convoy.benchmark.report.Table.number;

import dev.convoy.benchmark.ensemble.Streaming.Heap;
import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Findings about ensembles as text, in columns. */
final class EnsembleTable {
  private static final double BYTES_OF_A_MEGABYTE = 1e6;

  private EnsembleTable() {}

  /** All findings. */
  static String of(EnsembleFindings findings) {
    StringBuilder text = new StringBuilder();
    if (!findings.costs().isEmpty()) {
      text.append(costs(findings.costs())).append('\n');
    }
    findings.streaming().ifPresent(measured -> text.append(streaming(measured)).append('\n'));
    return text.append(Table.columns(Table.targets(findings.targets()))).toString();
  }

  private static String costs(List<Cost> costs) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "prediction on local[2], seconds", "images", "members", "of one", "of all", "ratio"));
    for (Cost cost : costs) {
      rows.add(
          List.of(
              cost.network() + " " + cost.origin(),
              Integer.toString(cost.images()),
              Integer.toString(cost.members()),
              seconds(cost.secondsOfOne()),
              seconds(cost.secondsOfAll()),
              number(cost.ratio(), 2)));
    }
    return Table.columns(rows) + "medians (least to most); ratio: of all / (members x of one)\n";
  }

  private static String seconds(Measurement measured) {
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", measured.median(), measured.least(), measured.most());
  }

  private static String streaming(Streaming streaming) {
    StreamingMeasurement.Scale scale = streaming.scale();
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            String.format(
                Locale.ROOT,
                "%,d images from %,d files, %d linear networks",
                scale.images(),
                scale.files(),
                scale.members()),
            "heap in use, MB"));
    for (Heap heap : streaming.heap()) {
      rows.add(
          List.of(
              heap.images() == 0
                  ? "before, with all names"
                  : String.format(Locale.ROOT, "after %,d", heap.images()),
              megabytes(heap.bytes())));
    }
    Streaming.Peak peak = streaming.peak();
    rows.add(
        List.of(
            String.format(Locale.ROOT, "most of %d looks at any time", peak.looks()),
            megabytes(peak.bytes())));
    rows.add(List.of("all images, if they were held", megabytes(streaming.allImagesBytes())));
    rows.add(List.of("limit of the heap", megabytes(streaming.limitBytes())));
    return Table.columns(rows);
  }

  private static String megabytes(long bytes) {
    return number(bytes / BYTES_OF_A_MEGABYTE, 1);
  }
}
