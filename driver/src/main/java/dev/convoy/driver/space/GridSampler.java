package dev.convoy.driver.space;

import dev.convoy.data.Text;
import dev.convoy.driver.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Every combination of values of the parameters that are active together, the first parameter
 * changing slowest; of these the accepted ones.
 */
final class GridSampler implements Sampler {
  private static final int MOST_COMBINATIONS = 100_000;

  private final SearchSpace space;
  private final int gridPoints;
  private final Predicate<Sample> accepted;
  private final Map<Box, Grid> grids = new HashMap<>();

  GridSampler(SearchSpace space, int gridPoints, Predicate<Sample> accepted) {
    if (gridPoints < 1) {
      throw new IllegalArgumentException(
          "Cannot make a grid: expected at least 1 value of a parameter, found "
              + gridPoints
              + ".");
    }
    this.space = space;
    this.gridPoints = gridPoints;
    this.accepted = accepted;
    grid(Box.whole(space));
  }

  @Override
  public SearchSpace space() {
    return space;
  }

  @Override
  public Sample sample(int trial, Box box) {
    return grid(box).sample(trial);
  }

  @Override
  public OptionalLong size(Box box) {
    return OptionalLong.of(grid(box).size());
  }

  private Grid grid(Box box) {
    return grids.computeIfAbsent(box, Grid::new);
  }

  /** The grid over one box. */
  private final class Grid {
    private final Box box;
    private final List<double[]> combinations = new ArrayList<>();
    private final List<double[]> found = new ArrayList<>();
    private int tested;

    Grid(Box box) {
      this.box = box;
      double[] first = new double[space.dimensions()];
      addFrom(0, first, space.activeAt(first));
    }

    /** Adds every combination that begins as the point does before a dimension. */
    private void addFrom(int start, double[] point, BitSet active) {
      int dimension = active.nextSetBit(start);
      if (dimension < 0) {
        add(point.clone());
        return;
      }
      for (double unit : box.gridUnits(dimension, gridPoints)) {
        point[dimension] = unit;
        boolean decides = space.distribution(dimension).isCategorical();
        addFrom(dimension + 1, point, decides ? space.activeAt(point) : active);
      }
      point[dimension] = 0;
    }

    private void add(double[] combination) {
      if (combinations.size() == MOST_COMBINATIONS) {
        throw new ConfigurationException(
            Text.of(
                "Cannot sample by grid: expected a search space of at most %,d combinations, found more.",
                MOST_COMBINATIONS));
      }
      combinations.add(combination);
    }

    Sample sample(int trial) {
      while (found.size() <= trial && tested < combinations.size()) {
        testNext();
      }
      if (trial >= found.size()) {
        throw new IllegalArgumentException(
            Text.of(
                "Cannot sample trial %d: expected one below the %d of the grid.", trial, size()));
      }
      return space.at(found.get(trial).clone());
    }

    int size() {
      while (tested < combinations.size()) {
        testNext();
      }
      if (found.isEmpty()) {
        throw Sampler.unsatisfiable(Text.of("%,d combinations", combinations.size()));
      }
      return found.size();
    }

    private void testNext() {
      double[] combination = combinations.get(tested++);
      if (accepted.test(space.at(combination))) {
        found.add(combination);
      }
    }
  }
}
