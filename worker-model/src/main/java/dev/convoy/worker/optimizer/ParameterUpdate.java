package dev.convoy.worker.optimizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * One optimizer step on the flat parameter vector of a network, in the order of Deeplearning4j:
 * divide by the batch, clip, L1 and L2, update rule, weight decay, subtract, bound.
 *
 * <p>Batch normalisation's running statistics travel in the gradient vector too, as what is to be
 * taken off them; they are subtracted as they are, outside clip, penalties and rule.
 *
 * <p>The result depends on the values alone, not on where they lie in the vector: the update rule
 * is Deeplearning4j's, whose loops are the same for every position, and all else are plain loops.
 *
 * <p>Belongs to one network and one thread at a time. The optimizer's state (momentum, moments) is
 * one flat vector that the caller may read and write between steps. Rules that correct for a state
 * that began with zeros keep its number of steps as the last value: averaged and reset with the
 * rest, it always belongs to it.
 */
public final class ParameterUpdate {

  private static final Set<String> RUNNING_STATISTICS =
      Set.of(
          BatchNormalizationParamInitializer.GLOBAL_MEAN,
          BatchNormalizationParamInitializer.GLOBAL_VAR,
          BatchNormalizationParamInitializer.GLOBAL_LOG_STD);

  private final OptimizerSettings settings;
  private final INDArray parameters;
  private final INDArray gradient;
  private final ParameterRange all;
  private final List<ParameterRange> runningStatistics = new ArrayList<>();
  private final List<ParameterRange> weights = new ArrayList<>();
  private final List<BoundedWeights> bounded = new ArrayList<>();
  private final int momentsLength;
  private final INDArray moments;
  private final GradientUpdater<?> updater;
  private final CurrentRate rate = new CurrentRate();
  private double steps;

  /**
   * Binds the update to a network's parameter and gradient vectors.
   *
   * @param network initialised; keeps its own updater, which is not used
   */
  public ParameterUpdate(ComputationGraph network, OptimizerSettings settings) {
    if (network.getFlattenedGradients() == null) {
      network.initGradientsView();
    }
    this.settings = settings;
    // Views in one row, the shape that Deeplearning4j's updaters expect.
    this.parameters = network.params().reshape(1, network.numParams());
    this.gradient = network.getFlattenedGradients().reshape(1, network.numParams());
    this.all = range(0, parameters.length());
    findRanges(network);
    IUpdater rule = UpdateRule.of(settings);
    rule.setLrAndSchedule(Double.NaN, rate);
    this.momentsLength = Math.toIntExact(rule.stateSize(parameters.length()));
    this.moments = Nd4j.zeros(DataType.FLOAT, 1, Math.max(1, momentsLength));
    this.updater = rule.instantiate(momentsLength == 0 ? null : moments, true);
  }

  private ParameterRange range(long from, long to) {
    return new ParameterRange(parameters, gradient, from, to);
  }

  /** Finds which parts of the flat vectors are weights and which are running statistics. */
  private void findRanges(ComputationGraph network) {
    for (Layer layer : network.getLayers()) {
      for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
        // Parameters lie in the graph's topological order, which is not that of getLayers().
        long from = entry.getValue().offset() - parameters.offset();
        ParameterRange range = range(from, from + entry.getValue().length());
        if (RUNNING_STATISTICS.contains(entry.getKey())) {
          runningStatistics.add(range);
        } else if (isWeight(layer, entry.getKey())) {
          weights.add(range);
          bounded.add(new BoundedWeights(range, entry.getValue()));
        }
      }
    }
  }

  private static boolean isWeight(Layer layer, String parameter) {
    org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
    return configuration.initializer().isWeightParam(configuration, parameter);
  }

  /**
   * Takes one step with the gradient that the network just computed (summed over the batch, as
   * Deeplearning4j leaves it). The gradient vector is used up.
   *
   * @param batchSize examples in the batch, at least 1
   * @param learningRate the schedule's rate of this step
   */
  public void step(int batchSize, double learningRate) {
    List<float[]> statisticsChanges = takeStatistics();
    divide(batchSize);
    clip();
    penalise();
    applyRule(learningRate);
    decay(learningRate);
    subtract();
    bound();
    for (int i = 0; i < statisticsChanges.size(); i++) {
      subtract(statisticsChanges.get(i), runningStatistics.get(i));
    }
  }

  private List<float[]> takeStatistics() {
    List<float[]> taken = new ArrayList<>(runningStatistics.size());
    for (ParameterRange range : runningStatistics) {
      float[] changes = new float[Math.toIntExact(range.length())];
      range.changeGradient(
          (values, slope, count, offset) -> {
            System.arraycopy(slope, 0, changes, Math.toIntExact(offset), count);
            Arrays.fill(slope, 0);
          });
      taken.add(changes);
    }
    return taken;
  }

  private void divide(float batchSize) {
    all.changeGradient(
        (values, slope, count, offset) -> {
          for (int i = 0; i < count; i++) {
            slope[i] /= batchSize;
          }
        });
  }

  /** Global-norm clipping (Pascanu et al. 2013). */
  private void clip() {
    double largest = settings.regularization().clipNorm();
    if (largest > 0) {
      double norm = gradientNorm();
      if (norm > largest) {
        float scale = (float) (largest / norm);
        all.changeGradient(
            (values, slope, count, offset) -> {
              for (int i = 0; i < count; i++) {
                slope[i] *= scale;
              }
            });
      }
    }
  }

  private double gradientNorm() {
    double[] squares = {0};
    all.read(
        (values, slope, count, offset) -> {
          double sum = squares[0];
          for (int i = 0; i < count; i++) {
            sum += (double) slope[i] * slope[i];
          }
          squares[0] = sum;
        });
    return Math.sqrt(squares[0]);
  }

  private void penalise() {
    float l1 = (float) settings.regularization().l1();
    float l2 = (float) settings.regularization().l2();
    if (l1 > 0 || l2 > 0) {
      for (ParameterRange range : weights) {
        range.changeGradient(
            (values, slope, count, offset) -> {
              for (int i = 0; i < count; i++) {
                slope[i] += l2 * values[i];
                slope[i] += l1 * Math.signum(values[i]);
              }
            });
      }
    }
  }

  /** Deeplearning4j's updater makes what is to be subtracted of the gradient. */
  private void applyRule(double learningRate) {
    rate.value = learningRate * UpdateRule.correctionBetweenSteps(settings, steps + 1);
    updater.applyUpdater(gradient, (int) steps, 0);
    steps++;
  }

  private void decay(double learningRate) {
    float shrinkage = (float) (settings.regularization().weightDecay() * learningRate);
    if (shrinkage > 0) {
      for (ParameterRange range : weights) {
        range.changeGradient(
            (values, slope, count, offset) -> {
              for (int i = 0; i < count; i++) {
                slope[i] += shrinkage * values[i];
              }
            });
      }
    }
  }

  private void subtract() {
    all.changeParameters(
        (values, slope, count, offset) -> {
          for (int i = 0; i < count; i++) {
            values[i] -= slope[i];
          }
        });
  }

  private static void subtract(float[] changes, ParameterRange range) {
    range.changeParameters(
        (values, slope, count, offset) -> {
          for (int i = 0; i < count; i++) {
            values[i] -= changes[Math.toIntExact(offset) + i];
          }
        });
  }

  private void bound() {
    if (settings.regularization().maxNorm() > 0) {
      bounded.forEach(weights -> weights.bound(settings.regularization().maxNorm()));
    }
  }

  /** Length of {@link #state()}; 0 for rules without state. */
  public int stateLength() {
    return momentsLength + (UpdateRule.hasBiasCorrection(settings) ? 1 : 0);
  }

  /** The optimizer's state as the update rule keeps it; a copy, empty for rules without state. */
  public float[] state() {
    if (momentsLength == 0) {
      return new float[0];
    }
    float[] state = Arrays.copyOf(moments.data().asFloat(), stateLength());
    if (state.length > momentsLength) {
      state[momentsLength] = (float) steps;
    }
    return state;
  }

  /**
   * Overwrites the optimizer's state.
   *
   * @param values as {@link #state()} returned it, or several averaged; empty for that of a new run
   * @throws IllegalArgumentException if the length is another
   */
  public void setState(float[] values) {
    if (values.length == 0) {
      moments.assign(0);
      steps = 0;
    } else if (values.length == stateLength()) {
      float[] newMoments = Arrays.copyOf(values, momentsLength);
      moments.assign(Nd4j.createFromArray(newMoments).reshape(1, momentsLength));
      steps = values.length > momentsLength ? values[momentsLength] : 0;
    } else {
      throw new IllegalArgumentException(
          "Cannot set the optimizer's state: expected "
              + stateLength()
              + " values, found "
              + values.length);
    }
  }

  /** Hands the step's rate to Deeplearning4j's updaters; never saved with a model. */
  private static final class CurrentRate implements ISchedule {
    private static final long serialVersionUID = 1L;
    private double value;

    @Override
    public double valueAt(int iteration, int epoch) {
      return value;
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }
}
