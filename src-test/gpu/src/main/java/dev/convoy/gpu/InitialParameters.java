package dev.convoy.gpu;

import dev.convoy.worker.optimizer.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/** Parameters to measure speed with: weights of He et al. 2015, scales of 1, shifts of 0. */
final class InitialParameters {
  private InitialParameters() {}

  /** All of a network, drawn from a seed. */
  static float[] drawn(List<Segment> segments, long seed) {
    Segment last = segments.get(segments.size() - 1);
    float[] values = new float[Math.toIntExact(last.offset() + last.length())];
    Random random = new Random(seed);
    for (Segment segment : segments) {
      int from = Math.toIntExact(segment.offset());
      int to = Math.toIntExact(from + segment.length());
      switch (segment.kind()) {
        case WEIGHT -> {
          double inputs = (double) segment.length() / segment.unitCount();
          double deviation = Math.sqrt(2 / inputs);
          for (int i = from; i < to; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
          }
        }
        case SCALE -> Arrays.fill(values, from, to, 1);
        case RUNNING_STATISTIC ->
            Arrays.fill(values, from, to, isVariance(segment.parameter()) ? 1 : 0);
        case BIAS, SHIFT -> Arrays.fill(values, from, to, 0);
      }
    }
    return values;
  }

  private static boolean isVariance(String parameter) {
    return parameter.equals(BatchNormalizationParamInitializer.GLOBAL_VAR);
  }
}
