package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.NormalQuantiles;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.graph.KeyedDropout;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.schedule.StepRates;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the field states of regularisers, of which docs/algorithms.md has the figures. Steps are
 * those of {@link ParameterUpdate}.
 */
class RegularizationFormulasTest {
  /** Of parameters in single precision, after thousands of steps. */
  private static final double FLOAT_ROUNDING = 1e-4;

  private static final double DOUBLE_ROUNDING = 1e-12;

  /** Of a quadratic ½ (w - w*)ᵀ H (w - w*), H = Q Λ Qᵀ. */
  private static final double[] EIGENVALUES = {10, 3, 1, 0.3, 0.1};

  private static final int SIZE = EIGENVALUES.length;
  private static final double[][] EIGENVECTORS = orthonormal(new Random(5));
  private static final double[] BEST = {1, -2, 0.5, 1.5, -1};

  /** Rows of length 1, each orthogonal to the others (Gram and Schmidt). */
  private static double[][] orthonormal(Random random) {
    double[][] rows = new double[SIZE][];
    for (int row = 0; row < SIZE; row++) {
      double[] vector = random.doubles(SIZE, -1, 1).toArray();
      for (int before = 0; before < row; before++) {
        double share = dot(vector, rows[before]);
        for (int i = 0; i < SIZE; i++) {
          vector[i] -= share * rows[before][i];
        }
      }
      double length = Math.sqrt(dot(vector, vector));
      rows[row] = Arrays.stream(vector).map(value -> value / length).toArray();
    }
    return rows;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The gradient of the quadratic whose minimum is there. */
  private static UnaryOperator<double[]> quadratic(double[] minimum) {
    return weights -> {
      double[] away = new double[SIZE];
      Arrays.setAll(away, i -> weights[i] - minimum[i]);
      double[] gradient = new double[SIZE];
      for (int k = 0; k < SIZE; k++) {
        double slope = EIGENVALUES[k] * dot(EIGENVECTORS[k], away);
        for (int i = 0; i < SIZE; i++) {
          gradient[i] += slope * EIGENVECTORS[k][i];
        }
      }
      return gradient;
    };
  }

  /** Where plain gradient descent ends. */
  private static double[] descend(
      double[] start,
      UnaryOperator<double[]> gradient,
      Regularization regularization,
      double rate,
      int steps) {
    return descend(start, gradient, regularization, rate, steps, 0);
  }

  private static double[] descend(
      double[] start,
      UnaryOperator<double[]> gradient,
      Regularization regularization,
      double rate,
      int steps,
      double momentum) {
    // The weights into the first of two units; what the second has stays 0.
    int size = start.length;
    ComputationGraph network =
        Models.create(ComponentSettings.defaults("linear"), new InputShape(1, size, 1, 2), 1);
    network.initGradientsView();
    network.params().assign(0);
    for (int i = 0; i < size; i++) {
      network.params().putScalar(i, start[i]);
    }
    ParameterUpdate update =
        new ParameterUpdate(
            network,
            PlainOptimizer.settings(
                new ComponentSettings("sgd", Map.of("momentum", momentum)),
                rate,
                regularization,
                ComponentSettings.defaults("constant")));
    for (int step = 0; step < steps; step++) {
      double[] slope = gradient.apply(weights(network, size));
      HostVector.gradients(network).assign(0);
      for (int i = 0; i < size; i++) {
        HostVector.gradients(network).putScalar(i, slope[i]);
      }
      update.step(1, StepRates.of(rate), 0);
    }
    return weights(network, size);
  }

  private static double[] weights(ComputationGraph network, int size) {
    return Arrays.copyOf(network.params().toDoubleVector(), size);
  }

  private static Regularization l1(double coefficient) {
    return new Regularization(coefficient, 0, 0, 0, 0);
  }

  private static Regularization l2(double coefficient) {
    return new Regularization(0, coefficient, 0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.5, 5})
  void l2RescalesTheMinimumAlongEigenvectorsByLambdaOverLambdaPlusItsCoefficient(double alpha) {
    double[] end = descend(new double[SIZE], quadratic(BEST), l2(alpha), 0.1, 2000);
    for (int k = 0; k < SIZE; k++) {
      double factor = EIGENVALUES[k] / (EIGENVALUES[k] + alpha);
      assertThat(dot(EIGENVECTORS[k], end))
          .isCloseTo(factor * dot(EIGENVECTORS[k], BEST), within(FLOAT_ROUNDING));
    }
  }

  /** How much the end moves with the minimum, summed over the parameters. */
  @Test
  void theEffectiveNumberOfParametersIsTheSumOfLambdaOverLambdaPlusTheCoefficient() {
    double alpha = 0.5;
    double effective = 0;
    for (int i = 0; i < SIZE; i++) {
      double[] unit = new double[SIZE];
      unit[i] = 1;
      effective += descend(new double[SIZE], quadratic(unit), l2(alpha), 0.1, 2000)[i];
    }
    double expected = Arrays.stream(EIGENVALUES).map(l -> l / (l + alpha)).sum();
    assertThat(effective).isCloseTo(expected, within(SIZE * FLOAT_ROUNDING));
    assertThat(expected).isCloseTo(3.018, within(0.001)); // of 5
  }

  @Test
  void afterTStepsTheWayAlongAnEigenvectorIsOneLessAPowerOfOneLessRateTimesLambda() {
    double rate = 0.05;
    int steps = 100;
    double[] end = descend(new double[SIZE], quadratic(BEST), Regularization.none(), rate, steps);
    for (int k = 0; k < SIZE; k++) {
      double share = 1 - Math.pow(1 - rate * EIGENVALUES[k], steps);
      assertThat(dot(EIGENVECTORS[k], end))
          .isCloseTo(share * dot(EIGENVECTORS[k], BEST), within(FLOAT_ROUNDING));
    }
  }

  /** Where the coefficient is 1 / (steps × rate): 1 - exp(-x) against x / (1 + x). */
  @Test
  void earlyStoppingActsLikeL2WithACoefficientOfOneOverStepsTimesRate() {
    double rate = 0.05;
    int steps = 100;
    double alpha = 1 / (steps * rate);
    double[] stopped =
        descend(new double[SIZE], quadratic(BEST), Regularization.none(), rate, steps);
    double[] penalised = descend(new double[SIZE], quadratic(BEST), l2(alpha), rate, 4000);
    for (int k = 0; k < SIZE; k++) {
      double best = dot(EIGENVECTORS[k], BEST);
      double stoppedShare = dot(EIGENVECTORS[k], stopped) / best;
      double penalisedShare = dot(EIGENVECTORS[k], penalised) / best;
      assertThat(stoppedShare).isCloseTo(penalisedShare, within(0.21));
      if (EIGENVALUES[k] > 10 * alpha) { // both are there
        assertThat(Math.min(stoppedShare, penalisedShare)).isGreaterThan(0.9);
      }
    }
    // Along flat directions both go the same short way, along steep ones all of it.
    for (double x : new double[] {0.001, 0.01}) {
      assertThat((1 - Math.exp(-x)) / (x / (1 + x))).isCloseTo(1, within(x));
    }
  }

  /** Of every sign of noise, which together have the covariance σ² I exactly. */
  @Test
  void noiseOnTheInputsOfALinearModelIsAPenaltyOfItsVarianceTimesTheSquaresOfTheWeights() {
    double[] weights = {0.5, -1, 2, 0.25, -0.75};
    double[] input = {1, 0.5, -0.5, 2, -1};
    double target = 0.3;
    double deviation = 0.7;
    double mean =
        meanOverNoise(input, deviation, noisy -> Math.pow(dot(weights, noisy) - target, 2));
    assertThat(mean)
        .isCloseTo(
            Math.pow(dot(weights, input) - target, 2)
                + deviation * deviation * dot(weights, weights),
            within(DOUBLE_ROUNDING));
  }

  /** And so the weights that are best under noise are those of L2. */
  @Test
  void aLinearModelThatLearnsWithNoiseEndsWhereL2Ends() {
    double deviation = 0.6;
    double[][] inputs = {{1, 0.5, -1}, {0.3, -2, 1}, {-1, 1, 0.4}, {2, 0.1, 0.7}};
    double[] targets = {1, -0.5, 0.2, 1.5};
    UnaryOperator<double[]> plain = weights -> squaredErrorSlope(inputs, targets, weights, 0);
    UnaryOperator<double[]> noisy =
        weights -> squaredErrorSlope(inputs, targets, weights, deviation);
    double[] penalised = descend(new double[3], plain, l2(2 * deviation * deviation), 0.05, 1000);
    double[] underNoise = descend(new double[3], noisy, Regularization.none(), 0.05, 1000);
    assertThat(underNoise).containsExactly(penalised, within(FLOAT_ROUNDING));
    assertThat(descend(new double[3], plain, Regularization.none(), 0.05, 1000)[0])
        .isNotCloseTo(penalised[0], within(0.05));
  }

  /** Of the mean squared error over images and all signs of noise. */
  private static double[] squaredErrorSlope(
      double[][] inputs, double[] targets, double[] weights, double deviation) {
    double[] slope = new double[weights.length];
    int signs = 1 << weights.length;
    for (int image = 0; image < inputs.length; image++) {
      for (int sign = 0; sign < signs; sign++) {
        double[] input = noisy(inputs[image], deviation, sign);
        double error = dot(weights, input) - targets[image];
        for (int i = 0; i < slope.length; i++) {
          slope[i] += 2 * error * input[i] / inputs.length / signs;
        }
      }
    }
    return slope;
  }

  private interface OfInput {
    double at(double[] input);
  }

  private static double[] noisy(double[] input, double deviation, int signs) {
    double[] noisy = new double[input.length];
    Arrays.setAll(noisy, i -> input[i] + ((signs >> i & 1) == 0 ? deviation : -deviation));
    return noisy;
  }

  private static double meanOverNoise(double[] input, double deviation, OfInput function) {
    double sum = 0;
    for (int signs = 0; signs < 1 << input.length; signs++) {
      sum += function.at(noisy(input, deviation, signs));
    }
    return sum / (1 << input.length);
  }

  /** Where the network answers right, to the order of the noise's variance. */
  @Test
  void noiseOnTheInputsOfANetworkIsAPenaltyOfItsVarianceTimesTheSquareOfItsGradient() {
    Random random = new Random(9);
    double[][] first = new double[4][];
    Arrays.setAll(first, unit -> random.doubles(3, -1, 1).toArray());
    double[] second = random.doubles(4, -1, 1).toArray();
    OfInput network =
        input -> {
          double sum = 0;
          for (int unit = 0; unit < 4; unit++) {
            sum += second[unit] * Math.tanh(dot(first[unit], input));
          }
          return sum;
        };
    double[] input = {0.4, -0.3, 0.8};
    double answer = network.at(input);
    double[] gradient = new double[3];
    for (int unit = 0; unit < 4; unit++) {
      double slope = second[unit] * (1 - Math.pow(Math.tanh(dot(first[unit], input)), 2));
      for (int i = 0; i < 3; i++) {
        gradient[i] += slope * first[unit][i];
      }
    }
    double deviation = 0.01;
    double penalty =
        meanOverNoise(input, deviation, noisy -> Math.pow(network.at(noisy) - answer, 2));
    assertThat(penalty / (deviation * deviation))
        .isCloseTo(dot(gradient, gradient), within(1e-3 * dot(gradient, gradient)));
  }

  /** The same of the network as a function of its weights. */
  @Test
  void noiseOnTheWeightsOfANetworkIsAPenaltyOfItsVarianceTimesTheSquareOfItsGradientByThem() {
    double[] input = {0.4, -0.3, 0.8};
    OfInput network =
        weights -> {
          double sum = 0;
          for (int unit = 0; unit < 2; unit++) {
            double[] into = Arrays.copyOfRange(weights, 3 * unit, 3 * unit + 3);
            sum += weights[6 + unit] * Math.tanh(dot(into, input));
          }
          return sum;
        };
    double[] weights = new Random(9).doubles(8, -1, 1).toArray();
    double answer = network.at(weights);
    double[] gradient = new double[8];
    for (int unit = 0; unit < 2; unit++) {
      double hidden = Math.tanh(dot(Arrays.copyOfRange(weights, 3 * unit, 3 * unit + 3), input));
      gradient[6 + unit] = hidden;
      for (int i = 0; i < 3; i++) {
        gradient[3 * unit + i] = weights[6 + unit] * (1 - hidden * hidden) * input[i];
      }
    }
    double deviation = 0.01;
    double penalty =
        meanOverNoise(weights, deviation, noisy -> Math.pow(network.at(noisy) - answer, 2));
    assertThat(penalty / (deviation * deviation))
        .isCloseTo(dot(gradient, gradient), within(1e-3 * dot(gradient, gradient)));
  }

  /** Each weight by itself: max(0, |w*| - c / h) under L1, h / (h + c) w* under L2. */
  @Test
  void l1BringsSmallWeightsToZeroWithinAStepAndL2NoneOfThem() {
    double[] best = {1, -0.6, 0.2, -0.1, 0.05};
    double coefficient = 0.3;
    double rate = 1e-3;
    UnaryOperator<double[]> gradient =
        weights -> {
          double[] slope = new double[SIZE];
          Arrays.setAll(slope, i -> weights[i] - best[i]);
          return slope;
        };
    double[] sparse = descend(best, gradient, l1(coefficient), rate, 10_000);
    double[] small = descend(best, gradient, l2(coefficient), rate, 10_000);
    double step = rate * (coefficient + 0.2);
    for (int i = 0; i < SIZE; i++) {
      double expected = Math.signum(best[i]) * Math.max(0, Math.abs(best[i]) - coefficient);
      assertThat(sparse[i]).isCloseTo(expected, within(step));
      assertThat(small[i]).isCloseTo(best[i] / (1 + coefficient), within(FLOAT_ROUNDING));
    }
    assertThat(Arrays.stream(sparse).filter(weight -> Math.abs(weight) < step)).hasSize(3);
    assertThat(Arrays.stream(small).filter(weight -> Math.abs(weight) < step)).isEmpty();
  }

  /**
   * The lasso of an orthonormal design, whose least squares are the best: max(0, |w*| - c)
   * (Tibshirani 1996); with L2 of coefficient a, the elastic net, that divided by 1 + a (Zou and
   * Hastie 2005).
   */
  @ParameterizedTest
  @CsvSource({"0, 0", "0.5, 0", "0, 0.9"})
  void proximalL1EndsAtTheLassoOfAnOrthonormalDesignWithExactZeros(double l2, double momentum) {
    double[][] design = EIGENVECTORS; // orthonormal columns as well as rows
    double[] best = {1, -0.6, 0.2, -0.1, 0.05};
    double[] targets = new double[SIZE];
    Arrays.setAll(targets, row -> dot(design[row], best));
    UnaryOperator<double[]> leastSquares =
        weights -> {
          double[] slope = new double[SIZE];
          for (int row = 0; row < SIZE; row++) {
            double error = dot(design[row], weights) - targets[row];
            for (int i = 0; i < SIZE; i++) {
              slope[i] += error * design[row][i];
            }
          }
          return slope;
        };
    double coefficient = 0.3;
    // A step of momentum m is worth 1 / (1 - m) of its gradient, the threshold only itself.
    double written = coefficient / (1 - momentum);
    double[] sparse =
        descend(new double[SIZE], leastSquares, proximal(written, l2), 0.02, 2000, momentum);
    for (int i = 0; i < SIZE; i++) {
      double size = Math.max(0, Math.abs(best[i]) - coefficient) / (1 + l2);
      assertThat(sparse[i])
          .isCloseTo(Math.signum(best[i]) * size, within(FLOAT_ROUNDING * Math.signum(size)));
    }
    assertThat(Arrays.stream(sparse).filter(weight -> weight == 0)).hasSize(3);
    double[] bySubgradient =
        descend(new double[SIZE], leastSquares, l1(coefficient), 0.02, 2000, momentum);
    assertThat(Arrays.stream(bySubgradient).filter(weight -> weight == 0)).isEmpty();
  }

  private static Regularization proximal(double l1, double l2) {
    return new Regularization(
        new Penalties(0, l1, l2, 0, 0, Penalties.Touched.WEIGHTS, LayerNames.ALL),
        GradientClips.NONE,
        new MaxNorm(0, LayerNames.ALL));
  }

  /** Two inputs that always are the same: what counts is the sum of their weights. */
  @Test
  void l2SharesAWeightAmongEqualInputsAndL1LeavesItWhereItIs() {
    UnaryOperator<double[]> gradient =
        weights -> {
          double slope = weights[0] + weights[1] - 2;
          return new double[] {slope, slope};
        };
    double[] start = {2, 0.5};
    double[] shared = descend(start, gradient, l2(0.1), 0.1, 2000);
    assertThat(shared[0]).isCloseTo(shared[1], within(FLOAT_ROUNDING));
    assertThat(shared[0]).isCloseTo(2 / 2.1, within(FLOAT_ROUNDING));
    double[] left = descend(start, gradient, l1(0.1), 0.1, 2000);
    assertThat(left[0] - left[1]).isCloseTo(1.5, within(FLOAT_ROUNDING));
    assertThat(left[0] + left[1]).isCloseTo(1.9, within(FLOAT_ROUNDING));
  }

  /** Every mask of dropout at ½, whose values are 0 or 2. */
  private static double[][] thinned(double[][] weights, double[] input) {
    double[][] logits = new double[1 << input.length][];
    for (int kept = 0; kept < logits.length; kept++) {
      double[] masked = new double[input.length];
      int mask = kept;
      Arrays.setAll(masked, i -> (mask >> i & 1) * 2 * input[i]);
      logits[kept] = Arrays.stream(weights).mapToDouble(row -> dot(row, masked)).toArray();
    }
    return logits;
  }

  private static final double[][] LAYER = {
    {0.5, -1, 2, 0.3}, {-0.4, 0.7, 0.1, 1}, {1, 0.2, -0.6, -1.1}
  };

  private static final double[] INPUT = {0.8, -0.5, 0.3, 1.2};

  @Test
  void aLinearLayerIsTheMeanOfItsThinnedNetworks() {
    double[][] logits = thinned(LAYER, INPUT);
    for (int unit = 0; unit < LAYER.length; unit++) {
      int of = unit;
      assertThat(Arrays.stream(logits).mapToDouble(row -> row[of]).average().orElseThrow())
          .isCloseTo(dot(LAYER[unit], INPUT), within(DOUBLE_ROUNDING));
    }
  }

  @Test
  void aSoftmaxIsTheNormalisedGeometricMeanOfItsThinnedNetworks() {
    double[] geometric = new double[LAYER.length];
    double[][] logits = thinned(LAYER, INPUT);
    for (double[] row : logits) {
      Probabilities.softmax(row);
      for (int unit = 0; unit < geometric.length; unit++) {
        geometric[unit] += Math.log(row[unit]) / logits.length;
      }
    }
    double[] means = Arrays.stream(geometric).map(Math::exp).toArray();
    double sum = Arrays.stream(means).sum();
    double[] whole = Arrays.stream(LAYER).mapToDouble(row -> dot(row, INPUT)).toArray();
    Probabilities.softmax(whole);
    for (int unit = 0; unit < whole.length; unit++) {
      assertThat(means[unit] / sum).isCloseTo(whole[unit], within(DOUBLE_ROUNDING));
    }
    assertThat(sum).isLessThan(0.99); // so that the mean has to be normalised
  }

  /**
   * Wan et al. 2013, section 3: a unit's input Σ m w x under random masks m of its weights has the
   * mean p Σ w x and the variance p (1 - p) Σ w² x²; with kept weights divided by p, as Convoy's
   * are, Σ w x and (1 - p) / p Σ w² x².
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.5, 0.8})
  void underDropConnectAUnitHasTheMaskedExpectationAndTheVarianceOfItsGaussian(double keep) {
    for (double[] weights : LAYER) {
      Moments moments = overMasksOfWeights(weights, INPUT, keep, sum -> sum);
      double squares = 0;
      for (int i = 0; i < INPUT.length; i++) {
        squares += Math.pow(weights[i] * INPUT[i], 2);
      }
      assertThat(moments.mean()).isCloseTo(dot(weights, INPUT), within(DOUBLE_ROUNDING));
      assertThat(moments.variance())
          .isCloseTo((1 - keep) / keep * squares, within(10 * DOUBLE_ROUNDING));
    }
  }

  /** Of the masks that training draws, in five deviations of the estimates. */
  @Test
  void theMasksOfDropConnectHaveTheseMoments() {
    KeyedDropout masks = new KeyedDropout(0.3);
    int draws = 20_000;
    float[] mask = new float[INPUT.length];
    for (double[] weights : LAYER) {
      Moments expected = overMasksOfWeights(weights, INPUT, 0.3, sum -> sum);
      double fourth =
          overMasksOfWeights(weights, INPUT, 0.3, sum -> Math.pow(sum - expected.mean(), 4)).mean();
      double sum = 0;
      double squares = 0;
      for (int draw = 0; draw < draws; draw++) {
        masks.draw(mask, 0, mask.length, KeyedRandom.mix(draw), 1);
        double value = 0;
        for (int i = 0; i < mask.length; i++) {
          value += mask[i] * weights[i] * INPUT[i];
        }
        sum += value;
        squares += Math.pow(value - expected.mean(), 2);
      }
      double variance = expected.variance();
      assertThat(sum / draws).isCloseTo(expected.mean(), within(5 * Math.sqrt(variance / draws)));
      assertThat(squares / draws)
          .isCloseTo(variance, within(5 * Math.sqrt((fourth - variance * variance) / draws)));
    }
  }

  /**
   * Why the paper draws its answers from that Gaussian: behind a function its mean is that of all
   * masks, while the mean weights, with which Convoy answers, leave the variance out.
   */
  @Test
  void behindAReluTheGaussianHasTheMeanOfAllMasksAndTheMeanWeightsComeNear() {
    Random random = new Random(4);
    int inputs = 16;
    double[] input = new double[inputs];
    Arrays.setAll(input, i -> 1);
    double worstOfGaussian = 0;
    double worstOfMean = 0;
    for (int unit = 0; unit < 10; unit++) {
      double[] weights = random.doubles(inputs, -1, 1).toArray();
      double exact = overMasksOfWeights(weights, input, 0.5, sum -> Math.max(0, sum)).mean();
      double mean = dot(weights, input);
      double deviation = Math.sqrt(dot(weights, weights));
      double gaussian = 0;
      for (int i = 0; i < 1000; i++) {
        double quantile = NormalQuantiles.at((short) (65.536 * (i + 0.5)));
        gaussian += Math.max(0, mean + deviation * quantile) / 1000;
      }
      worstOfGaussian = Math.max(worstOfGaussian, Math.abs(gaussian - exact) / deviation);
      worstOfMean = Math.max(worstOfMean, Math.abs(Math.max(0, mean) - exact) / deviation);
    }
    assertThat(worstOfGaussian).isLessThan(0.01);
    assertThat(worstOfMean).isBetween(0.1, 0.4);
  }

  private record Moments(double mean, double variance) {}

  /** Over every mask of a unit's weights, of which those that are kept are divided by that. */
  private static Moments overMasksOfWeights(
      double[] weights, double[] input, double keep, DoubleUnaryOperator function) {
    double mean = 0;
    double squares = 0;
    for (int mask = 0; mask < 1 << weights.length; mask++) {
      double[] kept = new double[weights.length];
      double probability = 1;
      for (int i = 0; i < kept.length; i++) {
        boolean isKept = (mask >> i & 1) == 1;
        kept[i] = isKept ? weights[i] / keep : 0;
        probability *= isKept ? keep : 1 - keep;
      }
      double value = function.applyAsDouble(dot(kept, input));
      mean += probability * value;
      squares += probability * value * value;
    }
    return new Moments(mean, squares - mean * mean);
  }
}
