package dev.convoy.driver.space;

import dev.convoy.driver.configuration.ConfigurationException;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Numbered samples of a search space that satisfy its constraints. A sample is a pure function of
 * method, space, seed, trial and box: which others were asked for before changes nothing. Driver
 * only; for one thread, since it remembers how far it has come.
 */
public interface Sampler {
  /** How many samples in a row may be refused. */
  int ATTEMPTS = 10_000;

  /** How points are spread. */
  enum Method {
    /** Independently of each other. */
    RANDOM {
      @Override
      public Sampler over(
          SearchSpace space, long seed, int gridPoints, Predicate<Sample> accepted) {
        return new RandomSampler(space, seed, accepted);
      }
    },
    /** More evenly than at random: a Sobol sequence, randomised by the seed. */
    SOBOL {
      @Override
      public Sampler over(
          SearchSpace space, long seed, int gridPoints, Predicate<Sample> accepted) {
        return new SobolSampler(space, seed, accepted);
      }
    },
    /** Every combination of chosen values, the first parameter changing slowest. */
    GRID {
      @Override
      public Sampler over(
          SearchSpace space, long seed, int gridPoints, Predicate<Sample> accepted) {
        return new GridSampler(space, gridPoints, accepted);
      }
    };

    /**
     * Samples of a space.
     *
     * @param seed decides all samples but those of a grid
     * @param gridPoints how many values of a parameter a grid has at most, at least 1; choices have
     *     all their options
     * @param accepted whether a sample satisfies the constraints; a pure function
     * @throws ConfigurationException if the method cannot sample the space: more than 1,000
     *     parameters by Sobol sequence, more than 100,000 combinations of a grid
     */
    public abstract Sampler over(
        SearchSpace space, long seed, int gridPoints, Predicate<Sample> accepted);
  }

  /** What is sampled. */
  SearchSpace space();

  /**
   * A sample of a part of the space: points squeezed into a box, or a grid over the box.
   *
   * @param trial from 0
   * @param box of the same space
   * @throws IllegalArgumentException if the trial is beyond the end of the box's grid
   * @throws ConfigurationException if 10,000 samples in a row are not accepted
   */
  Sample sample(int trial, Box box);

  /** A sample of the whole space. */
  default Sample sample(int trial) {
    return sample(trial, Box.whole(space()));
  }

  /** How many samples a grid over a box has, those accepted alone; empty for other methods. */
  default OptionalLong size(Box box) {
    return OptionalLong.empty();
  }

  /** How many samples a grid of the whole space has. */
  default OptionalLong size() {
    return size(Box.whole(space()));
  }

  /** What {@code search.where} is when nothing satisfies it. */
  static ConfigurationException unsatisfiable(String found) {
    return new ConfigurationException(
        "search.where: expected constraints that the space can satisfy, found none of "
            + found
            + " that does");
  }
}
