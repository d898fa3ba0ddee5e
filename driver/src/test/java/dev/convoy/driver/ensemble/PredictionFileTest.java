package dev.convoy.driver.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.driver.ensemble.PredictionFile.Format;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import dev.convoy.worker.ensemble.SoftVote;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionFileTest {
  private final StringWriter out = new StringWriter();
  private final EnsembleCard card =
      new EnsembleCard(
          "test",
          StoredShape.resized(new ImageShape(8, 8, 3)),
          List.of("cat", "dog"),
          CombinationSettings.of(2, 2, new SoftVote()),
          List.of(new Provenance("a", 1, ""), new Provenance("b", 2, "")),
          0);

  @Test
  void aLineOfCsvHasTheClassOfTheHighestMeanProbability() throws IOException {
    PredictionFile file = new PredictionFile(card, Format.CSV, out);
    // Behind an offset: certain members that disagree, the second less.
    file.accept("a, b.png", new float[] {9, 1, 0, 0.25f, 0.75f}, 1);
    assertThat(out.toString())
        .startsWith("path,class,entropy,disagreement,error,p:cat,p:dog\n\"a, b.png\",cat,0.66")
        .endsWith(",0.5,,0.625,0.375\n");
    assertThat(file.predicted()).isEqualTo(1);
  }

  @Test
  void anImageThatCouldNotBeReadHasItsReasonAndNoClass() throws IOException {
    PredictionFile file = new PredictionFile(card, Format.CSV, out);
    file.reject("broken.png", "the file is empty");
    assertThat(out.toString()).endsWith("\nbroken.png,,,,the file is empty,,\n");
    assertThat(file.predicted()).isZero();
    assertThat(file.rejected()).isEqualTo(1);
  }

  @Test
  void aLineOfJsonNamesEveryClass() throws IOException {
    PredictionFile file = new PredictionFile(card, Format.JSONL, out);
    file.accept("a.png", new float[] {0, 1, 0, 1}, 0);
    file.reject("b.png", "the file is empty");
    List<String> lines = out.toString().lines().toList();
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.path("class").asText()).isEqualTo("dog");
    assertThat(first.at("/probabilities/dog").asDouble()).isEqualTo(1);
    assertThat(first.path("entropy").asDouble()).isZero();
    assertThat(lines.get(1)).isEqualTo("{\"path\":\"b.png\",\"error\":\"the file is empty\"}");
  }
}
