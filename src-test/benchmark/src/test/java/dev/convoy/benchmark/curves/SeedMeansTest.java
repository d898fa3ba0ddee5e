package dev.convoy.benchmark.curves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.benchmark.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class SeedMeansTest {
  @TempDir Path search;

  @BeforeEach
  void writeTheDirectoryOfASearch() throws IOException {
    Files.writeString(
        search.resolve("trials.jsonl"),
        """
        {"trial":0,"state":"running","values":{"rule":"mean","seed":1,"training.workers":2,"x":7}}
        {"trial":0,"state":"completed","validation-accuracy":0.5,"values":{"rule":"mean","seed":1,"training.workers":2,"x":7}}
        {"trial":1,"state":"completed","validation-accuracy":0.7,"values":{"rule":"mean","seed":2,"training.workers":2,"x":7}}
        {"trial":2,"state":"completed","validation-accuracy":0.4,"values":{"rule":"mean","seed":1,"training.workers":64,"x":7}}
        {"trial":3,"state":"diverged","values":{"rule":"mean","seed":2,"training.workers":64,"x":7}}
        {"trial":4,"state":"completed","validation-accuracy":0.8,"values":{"rule":"slowmo","seed":1,"training.workers":2,"x":7}}
        """);
  }

  private List<SeedMeans> means() {
    return SeedMeans.of(RecordedTrial.read(search).values());
  }

  @Test
  void trialsThatDifferInTheirSeedAloneAreOneGroup() {
    List<SeedMeans> means = means();
    assertThat(means)
        .extracting(SeedMeans::values)
        .containsExactly(
            Map.of("rule", "mean", "training.workers", "2"),
            Map.of("rule", "mean", "training.workers", "64"),
            Map.of("rule", "slowmo", "training.workers", "2"));
    assertThat(means.get(0).mean()).isCloseTo(0.6, within(1e-12));
    assertThat(means.get(0).deviation()).isCloseTo(Math.sqrt(0.02), within(1e-12));
    assertThat(SeedMeans.table(means))
        .containsExactly(
            List.of("rule", "training.workers", "trials", "mean", "deviation"),
            List.of("mean", "2", "2", "0.6000", "0.1414"),
            List.of("mean", "64", "1 of 2", "0.4000", "0.0000"),
            List.of("slowmo", "2", "1", "0.8000", "0.0000"));
  }

  @Test
  void aLineIsACombinationOfTheOtherValues() {
    XYChart chart = MeansPlot.of(means(), "training.workers");
    assertThat(chart.getSeriesCollection())
        .extracting(XYSeries::getName)
        .containsExactly("mean", "slowmo");
    assertThat(chart.getSeries("mean").getXData()).containsExactly(2, 64);
    assertThat(chart.getSeries("mean").getYData()[0]).isCloseTo(0.6, within(1e-12));
    assertThat(chart.getStyler().isXAxisLogarithmic()).isTrue();
    assertThat(MeansPlot.of(means().subList(0, 1), "training.workers").getStyler())
        .matches(styler -> !styler.isXAxisLogarithmic());
  }

  @Test
  void keysThatCannotBeAnAxisAreRefused() {
    assertThatThrownBy(() -> MeansPlot.of(means(), "workers"))
        .isInstanceOf(BenchmarkException.class)
        .hasMessage(
            "Cannot draw means over workers: expected a key in which trials differ, such as [rule,"
                + " training.workers].");
    assertThatThrownBy(() -> MeansPlot.of(means(), "rule"))
        .isInstanceOf(BenchmarkException.class)
        .hasMessageContaining("expected numbers, found ");
  }

  @Test
  void whatIsNoSearchIsNamed() {
    Path nowhere = search.resolve("nowhere");
    assertThatThrownBy(() -> RecordedTrial.read(nowhere))
        .isInstanceOf(BenchmarkException.class)
        .hasMessageStartingWith(
            "Cannot read trials: expected the directory of a search in " + nowhere + ", found");
  }
}
