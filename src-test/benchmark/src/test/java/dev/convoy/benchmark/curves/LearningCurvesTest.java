package dev.convoy.benchmark.curves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.benchmark.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class LearningCurvesTest {
  @TempDir Path search;

  @BeforeEach
  void writeTheDirectoryOfASearch() throws IOException {
    Files.writeString(
        search.resolve("trials.jsonl"),
        """
        {"trial":0,"state":"running","values":{"model.name":"plain-20","seed":1}}
        {"trial":1,"state":"running","values":{"model.name":"resnet-20","seed":1}}
        {"trial":0,"state":"completed","values":{"model.name":"plain-20","seed":1}}
        """);
    write(
        0,
        """
        {"type":"round","epoch":1,"examples":30,"loss":2.0}
        {"type":"round","epoch":1,"examples":10,"loss":1.0}
        {"type":"validation","epoch":1,"examples":5,"loss":1.9}
        {"type":"round","epoch":2,"examples":40,"loss":1.25}
        {"type":"validation","epoch":2,"examples":5,"loss":1.5}
        """);
    write(
        1,
        """
        {"type":"round","epoch":1,"examples":40,"loss":3.0}
        {"type":"validation","epoch":1,"examples":5,"loss":2.5}
        {"type":"round","epoch":2,"examples":40,"loss":"NaN"}
        """);
  }

  private void write(int trial, String metrics) throws IOException {
    Path directory = Files.createDirectories(search.resolve("trials/00000" + trial));
    Files.writeString(directory.resolve("metrics.jsonl"), metrics);
  }

  @Test
  void lossesOfTrainingAreMeansOverThePassAndThoseOfATrialThatDivergedEnd() {
    assertThat(LearningCurves.read(search, List.of()))
        .containsExactly(
            new LearningCurves("plain-20", sorted(1.75, 1.25), sorted(1.9, 1.5)),
            new LearningCurves("resnet-20", sorted(3.0), sorted(2.5)));
  }

  private static SortedMap<Integer, Double> sorted(double... losses) {
    SortedMap<Integer, Double> curve = new TreeMap<>();
    for (double loss : losses) {
      curve.put(curve.size() + 1, loss);
    }
    return curve;
  }

  @Test
  void aRunIsCalledAsItsDirectoryIs() {
    assertThat(LearningCurves.ofRun(search.resolve("trials/000000")))
        .isEqualTo(new LearningCurves("000000", sorted(1.75, 1.25), sorted(1.9, 1.5)));
    assertThatThrownBy(() -> LearningCurves.ofRun(search.resolve("none")))
        .isInstanceOf(BenchmarkException.class)
        .hasMessageStartingWith("Cannot draw curves: expected the directory of a run in " + search);
  }

  @Test
  void trialsAreChosenByTheirNumbers() {
    assertThat(LearningCurves.read(search, List.of(1)))
        .extracting(LearningCurves::training)
        .containsExactly(sorted(3.0));
    assertThatThrownBy(() -> LearningCurves.read(search, List.of(1, 2)))
        .isInstanceOf(BenchmarkException.class)
        .hasMessage("Cannot draw trials [1, 2]: expected some of [0, 1] in " + search + ".");
  }

  @Test
  void whatIsNoSearchIsNamed() {
    Path nowhere = search.resolve("nowhere");
    assertThatThrownBy(() -> LearningCurves.read(nowhere, List.of()))
        .isInstanceOf(BenchmarkException.class)
        .hasMessageStartingWith(
            "Cannot read trials: expected the directory of a search in " + nowhere + ", found");
  }

  @Test
  void aTrialIsTwoLinesOfOneColour() {
    XYChart chart = CurvesPlot.of(LearningCurves.read(search, List.of()));
    assertThat(chart.getSeriesCollection())
        .extracting(XYSeries::getName)
        .containsExactly("plain-20", "plain-20, training", "resnet-20", "resnet-20, training");
    assertThat(chart.getSeries("plain-20").getLineColor())
        .isEqualTo(chart.getSeries("plain-20, training").getLineColor())
        .isNotEqualTo(chart.getSeries("resnet-20").getLineColor());
  }
}
