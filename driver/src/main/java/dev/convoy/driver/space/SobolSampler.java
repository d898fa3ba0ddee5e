package dev.convoy.driver.space;

import dev.convoy.data.Text;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/**
 * The accepted points of a Sobol sequence in its order, randomised by a digital shift: the bits of
 * every coordinate are flipped where a random number of its dimension has ones, which keeps the
 * sequence's evenness and makes every point uniform.
 *
 * <p>Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections", 2008;
 * Matousek, "On the L2-discrepancy for anchored boxes", 1998.
 */
final class SobolSampler implements Sampler {
  /** As many as there are direction numbers. */
  private static final int LARGEST_DIMENSION = 1000;

  /** The bits of the generator's coordinates. */
  private static final double RESOLUTION = 0x1.0p52;

  private static final int BITS = 52;

  /** Tells the shifts' keys from those of trials, which are not negative. */
  private static final long SHIFT = -1;

  private final SearchSpace space;
  private final long[] shifts;
  private final Predicate<Sample> accepted;
  private final SobolSequenceGenerator sequence;

  /** By box, the positions in the sequence of the accepted points so far. */
  private final Map<Box, List<Integer>> positions = new HashMap<>();

  SobolSampler(SearchSpace space, long seed, Predicate<Sample> accepted) {
    if (space.dimensions() > LARGEST_DIMENSION) {
      throw new ConfigurationException(
          Text.of(
              "Cannot sample by sobol: expected a search space of at most %,d parameters, found %,d.",
              LARGEST_DIMENSION, space.dimensions()));
    }
    this.space = space;
    this.shifts =
        IntStream.range(0, space.dimensions())
            .mapToLong(
                dimension ->
                    KeyedRandom.of(seed, Purpose.TRIAL, SHIFT, dimension).nextLong()
                        >>> (Long.SIZE - BITS))
            .toArray();
    this.accepted = accepted;
    this.sequence = new SobolSequenceGenerator(Math.max(1, space.dimensions()));
  }

  @Override
  public SearchSpace space() {
    return space;
  }

  @Override
  public Sample sample(int trial, Box box) {
    List<Integer> found = positions.computeIfAbsent(box, unseen -> new ArrayList<>());
    while (found.size() <= trial) {
      found.add(nextAccepted(found.isEmpty() ? 0 : found.get(found.size() - 1) + 1, box));
    }
    return sampleAt(found.get(trial), box);
  }

  private int nextAccepted(int first, Box box) {
    for (int position = first; position < first + ATTEMPTS; position++) {
      if (accepted.test(sampleAt(position, box))) {
        return position;
      }
    }
    throw Sampler.unsatisfiable(Text.of("%,d samples", ATTEMPTS));
  }

  private Sample sampleAt(int position, Box box) {
    double[] point = sequence.skipTo(position);
    return space.at(
        box.squeeze(
            IntStream.range(0, shifts.length)
                .mapToDouble(
                    dimension ->
                        ((long) (point[dimension] * RESOLUTION) ^ shifts[dimension]) / RESOLUTION)
                .toArray()));
  }
}
