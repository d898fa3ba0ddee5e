package dev.convoy.driver.space;

import dev.convoy.data.Text;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Independent samples. A coordinate's key holds its parameter's identity, not its dimension: adding
 * a parameter to the space changes no other's draws.
 */
record RandomSampler(SearchSpace space, long seed, Predicate<Sample> accepted) implements Sampler {
  @Override
  public Sample sample(int trial, Box box) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Sample sample = space.at(box.squeeze(point(trial, attempt)));
      if (accepted.test(sample)) {
        return sample;
      }
    }
    throw Sampler.unsatisfiable(Text.of("%,d samples", ATTEMPTS));
  }

  private double[] point(int trial, int attempt) {
    return IntStream.range(0, space.dimensions())
        .mapToDouble(
            dimension ->
                KeyedRandom.of(seed, Purpose.TRIAL, trial, attempt, space.identity(dimension))
                    .nextDouble())
        .toArray();
  }
}
