package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.worker.optimizer.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Whether the weights of every layer begin different from each other. */
final class InitialWeightsCheck extends Check {
  /** Far below any deviation of use: even a million inputs ask for a thousandth. */
  private static final double LEAST_DEVIATION = 1e-6;

  InitialWeightsCheck() {
    super(
        "initial-weights",
        "Weights that begin alike, such as zeros, stay alike: the units of a layer all learn the"
            + " same thing.",
        "Goodfellow, Bengio and Courville, \"Deep learning\", 2016, 8.4; CS231n, \"Weight"
            + " initialization\"");
  }

  @Override
  Verdict look(CheckedRun run) {
    float[] parameters = run.beginning().parameters();
    List<Segment> segments = run.beginning().segments();
    List<String> alike = new ArrayList<>();
    int looked = 0;
    for (Segment segment : segments) {
      if (segment.kind() == Segment.Kind.WEIGHT && segment.length() > 1) {
        looked++;
        double[] moments = moments(parameters, segment);
        if (moments[1] < LEAST_DEVIATION) {
          alike.add(Text.of("%s (%.1g ± %.1g)", segment.layer(), moments[0], moments[1]));
        }
      }
    }
    return Verdict.of(
        alike.isEmpty(),
        alike.isEmpty()
            ? Text.of("weights differ within each of %d layers", looked)
            : "all weights are alike in " + Text.firstFew(alike),
        "weights drawn at random",
        "set an initialization that draws them, such as he or xavier");
  }

  /** Mean and deviation. */
  private static double[] moments(float[] parameters, Segment segment) {
    int from = (int) segment.offset();
    int to = (int) (from + segment.length());
    double mean = IntStream.range(from, to).mapToDouble(i -> parameters[i]).average().orElse(0);
    double variance =
        IntStream.range(from, to)
            .mapToDouble(i -> (parameters[i] - mean) * (parameters[i] - mean))
            .average()
            .orElse(0);
    return new double[] {mean, Math.sqrt(variance)};
  }
}
