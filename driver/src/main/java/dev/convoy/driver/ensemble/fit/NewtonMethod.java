package dev.convoy.driver.ensemble.fit;

import java.util.function.UnaryOperator;
import org.apache.commons.math3.exception.MaxCountExceededException;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.ConjugateGradient;
import org.apache.commons.math3.linear.RealLinearOperator;
import org.apache.commons.math3.linear.RealVector;

/**
 * The least of a convex function by truncated Newton steps: the linear system of each is solved by
 * conjugate gradients, more exactly the nearer the least is, and a step is halved until the
 * function falls enough. Nocedal and Wright, "Numerical Optimization", 2006, section 7.1.
 */
final class NewtonMethod {
  /** At rest. */
  static final double MIN_GRADIENT = 1e-8;

  private static final int MAX_STEPS = 200;
  private static final int MAX_HALVINGS = 40;
  private static final int MAX_SOLVER_ITERATIONS = 200;

  /** Of the gradient's length, what the first system is solved to. */
  private static final double COARSEST_SOLUTION = 0.1;

  private static final double FINEST_SOLUTION = 1e-4;

  /** How much of the fall that the slope promises a step must bring (Armijo). */
  private static final double SUFFICIENT = 1e-4;

  /** Near the least, falls are smaller than the function's rounding. */
  private static final double ROUNDING = 1e-12;

  private NewtonMethod() {}

  /** What is to be made least: convex, and twice differentiable. */
  interface Objective {
    /** How many numbers it depends on. */
    int dimensions();

    /** What it is at a point. */
    Evaluation at(double[] point);
  }

  /**
   * A function at a point.
   *
   * @param curvature the Hessian times a direction, as a new array
   */
  record Evaluation(double value, double[] gradient, UnaryOperator<double[]> curvature) {
    double gradientNorm() {
      return new ArrayRealVector(gradient, false).getNorm();
    }
  }

  /** Searches from 0 on. */
  static double[] minimize(Objective objective) {
    double[] point = new double[objective.dimensions()];
    Evaluation here = objective.at(point);
    double start = here.gradientNorm();
    for (int step = 0; step < MAX_STEPS && here.gradientNorm() > MIN_GRADIENT; step++) {
      double[] direction = direction(here, here.gradientNorm() / start);
      double slope = dot(here.gradient(), direction);
      double length = 1;
      double[] next = moved(point, direction, length);
      Evaluation there = objective.at(next);
      for (int i = 0; i < MAX_HALVINGS && !fallsEnough(here, there, length * slope); i++) {
        length /= 2;
        next = moved(point, direction, length);
        there = objective.at(next);
      }
      point = next;
      here = there;
    }
    return point;
  }

  private static boolean fallsEnough(Evaluation here, Evaluation there, double promised) {
    return there.value()
        <= here.value() + SUFFICIENT * promised + ROUNDING * Math.abs(here.value());
  }

  /** Solves H d = -g. */
  private static double[] direction(Evaluation here, double progress) {
    double accuracy = Math.max(FINEST_SOLUTION, Math.min(COARSEST_SOLUTION, progress));
    RealVector solution = new ArrayRealVector(here.gradient().length);
    RealVector target = new ArrayRealVector(here.gradient(), false).mapMultiply(-1);
    // Not to check for positive curvature: along all intercepts there is none, and no gradient.
    ConjugateGradient solver = new ConjugateGradient(MAX_SOLVER_ITERATIONS, accuracy, false);
    try {
      solver.solveInPlace(new Hessian(here), null, target, solution);
    } catch (MaxCountExceededException e) {
      // What there is by then is a direction in which the function falls, if not the best.
    }
    return solution.toArray();
  }

  private static double dot(double[] left, double[] right) {
    return new ArrayRealVector(left, false).dotProduct(new ArrayRealVector(right, false));
  }

  private static double[] moved(double[] point, double[] direction, double length) {
    return new ArrayRealVector(point, false)
        .combine(1, length, new ArrayRealVector(direction, false))
        .toArray();
  }

  /** The second derivative as the library's linear operator. */
  private static final class Hessian extends RealLinearOperator {
    private final Evaluation here;

    Hessian(Evaluation here) {
      this.here = here;
    }

    @Override
    public int getRowDimension() {
      return here.gradient().length;
    }

    @Override
    public int getColumnDimension() {
      return here.gradient().length;
    }

    @Override
    public RealVector operate(RealVector direction) {
      return new ArrayRealVector(here.curvature().apply(direction.toArray()), false);
    }
  }
}
