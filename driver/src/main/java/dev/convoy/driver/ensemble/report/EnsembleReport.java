package dev.convoy.driver.ensemble.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.cluster.Thumbnail;
import dev.convoy.driver.report.ReportPage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * An ensemble as one page of HTML: how good it is beside its members, how sure and how rightly so,
 * what it confuses, what each member adds, and the images that it is least sure of. The page needs
 * nothing but itself. What would grow with the squares of members and of classes is cut down to
 * what can be looked at. Driver only.
 */
public final class EnsembleReport {
  private static final ReportPage PAGE =
      new ReportPage(EnsembleReport.class, "ensemble-report.html");

  private EnsembleReport() {}

  /**
   * What is shown.
   *
   * @param name of the ensemble
   * @param labels class names in output order
   * @param summary as in summary.json
   * @param statistics as in statistics.json: for each set of images what {@link
   *     dev.convoy.driver.ensemble.statistics.EnsembleStatistics#toJson} gives
   * @param pictures for each set of images, some of those that the ensemble is least sure of
   */
  public record Content(
      String name,
      List<String> labels,
      JsonNode summary,
      JsonNode statistics,
      Map<String, List<Thumbnail>> pictures) {
    /** Copies the labels and the pictures. */
    public Content {
      labels = List.copyOf(labels);
      pictures = Map.copyOf(pictures);
    }
  }

  /**
   * Writes the page, in UTF-8.
   *
   * @param out not closed
   * @throws IOException if it cannot be written, or the class path lacks a part
   */
  public static void write(Content content, OutputStream out) throws IOException {
    PAGE.write(ReportData.of(content), out);
  }
}
