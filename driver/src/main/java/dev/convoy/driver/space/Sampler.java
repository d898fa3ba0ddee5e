package dev.convoy.driver.space;

import dev.convoy.driver.configuration.ConfigurationException;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Numbered samples of a search space that satisfy its constraints. A sample is a pure function of
 * method, space, seed, trial and box: which others were asked for before changes nothing. Driver
 * only; for one thread, since it remembers how far it has come.
 */
public final class Sampler {
  /** How many samples in a row may be refused. */
  static final int ATTEMPTS = 10_000;

  /** How points are spread. */
  public enum Method {
    /** Independently of each other. */
    RANDOM("random"),
    /** More evenly than at random: a Sobol sequence, randomised by the seed. */
    SOBOL("sobol"),
    /** Every combination of chosen values, the first parameter changing slowest. */
    GRID("grid");

    private final String key;

    Method(String key) {
      this.key = key;
    }

    /** What it is called in a configuration. */
    public String key() {
      return key;
    }
  }

  private final SearchSpace space;
  private final Trials trials;

  /**
   * Samples of a space.
   *
   * @param method how points are spread
   * @param space what is sampled
   * @param seed decides all samples but those of a grid
   * @param gridPoints how many values of a parameter a grid has at most, at least 1; choices have
   *     all their options
   * @param accepted whether a sample satisfies the constraints; a pure function
   * @throws ConfigurationException if the method cannot sample the space: more than 1,000
   *     parameters by Sobol sequence, more than 100,000 combinations of a grid
   */
  public Sampler(
      Method method, SearchSpace space, long seed, int gridPoints, Predicate<Sample> accepted) {
    this.space = space;
    this.trials =
        switch (method) {
          case RANDOM -> new RandomTrials(space, seed, accepted);
          case SOBOL -> new SobolTrials(space, seed, accepted);
          case GRID -> new GridTrials(space, gridPoints, accepted);
        };
  }

  /**
   * A sample of the whole space.
   *
   * @param trial from 0
   * @throws IllegalArgumentException if the trial is beyond the end of a grid
   * @throws ConfigurationException if 10,000 samples in a row are not accepted
   */
  public Sample sample(int trial) {
    return sample(trial, Box.whole(space));
  }

  /**
   * A sample of a part of the space: points squeezed into a box, or a grid over the box.
   *
   * @param trial from 0
   * @param box of the same space
   * @throws IllegalArgumentException if the trial is beyond the end of the box's grid
   * @throws ConfigurationException if 10,000 samples in a row are not accepted
   */
  public Sample sample(int trial, Box box) {
    if (trial < 0) {
      throw new IllegalArgumentException(
          "Cannot sample a trial: expected a number from 0, found " + trial + ".");
    }
    return trials.sample(trial, box);
  }

  /** How many samples a grid has, those accepted alone; empty for methods without an end. */
  public OptionalLong size() {
    return size(Box.whole(space));
  }

  /** How many samples the grid over a box has, those accepted alone. */
  public OptionalLong size(Box box) {
    return trials.size(box);
  }

  /** What {@code search.where} is when nothing satisfies it. */
  static ConfigurationException unsatisfiable(String found) {
    return new ConfigurationException(
        "search.where: expected constraints that the space can satisfy, found none of "
            + found
            + " that does");
  }
}
