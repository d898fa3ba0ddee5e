package dev.convoy.worker.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * One optimizer step on the flat parameter vector of a network, in the order of Deeplearning4j:
 * divide by the batch, clip, L1 and L2, update rule, weight decay, subtract, bound.
 *
 * <p>Batch normalisation's running statistics travel in the gradient vector too, as what is to be
 * taken off them; they are subtracted as they are, outside clip, penalties and rule.
 *
 * <p>Belongs to one network and one thread at a time. The optimizer's state (momentum, moments) is
 * one flat vector that the caller may read and write between steps.
 */
public final class ParameterUpdate {

  private static final Set<String> RUNNING_STATISTICS =
      Set.of(
          BatchNormalizationParamInitializer.GLOBAL_MEAN,
          BatchNormalizationParamInitializer.GLOBAL_VAR,
          BatchNormalizationParamInitializer.GLOBAL_LOG_STD);

  /** {part of the parameters, the same part of the gradient}, views. */
  private record Segment(INDArray parameters, INDArray gradient) {}

  private final INDArray parameters;
  private final OptimizerSettings.Regularization regularization;
  private final List<Segment> runningStatistics = new ArrayList<>();
  private final List<Segment> weights = new ArrayList<>();
  private final List<BoundedWeights> bounded = new ArrayList<>();
  private final long stateLength;
  private final INDArray state;
  private final GradientUpdater<?> updater;
  private final CurrentRate rate = new CurrentRate();
  private final INDArray gradient;

  /**
   * Binds the update to a network's parameter and gradient vectors.
   *
   * @param network initialised; keeps its own updater, which is not used
   */
  public ParameterUpdate(ComputationGraph network, OptimizerSettings settings) {
    if (network.getFlattenedGradients() == null) {
      network.initGradientsView();
    }
    // Views in one row, the shape that Deeplearning4j's updaters expect.
    this.parameters = network.params().reshape(1, network.numParams());
    this.gradient = network.getFlattenedGradients().reshape(1, network.numParams());
    this.regularization = settings.regularization();
    sortSegments(network);
    IUpdater rule = UpdateRule.of(settings);
    rule.setLrAndSchedule(Double.NaN, rate);
    this.stateLength = rule.stateSize(parameters.length());
    this.state = Nd4j.zeros(DataType.FLOAT, 1, Math.max(1, stateLength));
    this.updater = rule.instantiate(stateLength == 0 ? null : state, true);
  }

  /** Finds which parts of the flat vectors are weights and which are running statistics. */
  private void sortSegments(ComputationGraph network) {
    for (Layer layer : network.getLayers()) {
      for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
        // Parameters lie in the graph's topological order, which is not that of getLayers().
        long from = entry.getValue().offset() - parameters.offset();
        long to = from + entry.getValue().length();
        if (RUNNING_STATISTICS.contains(entry.getKey())) {
          runningStatistics.add(segment(from, to));
        } else if (isWeight(layer, entry.getKey())) {
          weights.add(segment(from, to));
          bounded.add(BoundedWeights.of(entry.getValue()));
        }
      }
    }
  }

  private static boolean isWeight(Layer layer, String parameter) {
    org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
    return configuration.initializer().isWeightParam(configuration, parameter);
  }

  private static INDArray part(INDArray row, long from, long to) {
    return row.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
  }

  private Segment segment(long from, long to) {
    return new Segment(part(parameters, from, to), part(gradient, from, to));
  }

  /**
   * Takes one step with the gradient that the network just computed (summed over the batch, as
   * Deeplearning4j leaves it). The gradient vector is used up.
   *
   * @param batchSize examples in the batch, at least 1
   * @param learningRate the schedule's rate of this step
   * @param iteration steps taken before this one over the whole run; Adam's bias correction
   */
  public void step(int batchSize, double learningRate, int iteration) {
    List<INDArray> statisticsChanges = takeStatistics();
    gradient.divi(batchSize);
    clip();
    penalise();
    rate.value = learningRate;
    updater.applyUpdater(gradient, iteration, 0);
    decay(learningRate);
    parameters.subi(gradient);
    bound();
    for (int i = 0; i < statisticsChanges.size(); i++) {
      runningStatistics.get(i).parameters().subi(statisticsChanges.get(i));
    }
  }

  private List<INDArray> takeStatistics() {
    List<INDArray> taken = new ArrayList<>(runningStatistics.size());
    for (Segment segment : runningStatistics) {
      taken.add(segment.gradient().dup());
      segment.gradient().assign(0);
    }
    return taken;
  }

  /** Global-norm clipping (Pascanu et al. 2013). */
  private void clip() {
    if (regularization.clipNorm() > 0) {
      double norm = gradient.norm2Number().doubleValue();
      if (norm > regularization.clipNorm()) {
        gradient.muli(regularization.clipNorm() / norm);
      }
    }
  }

  private void penalise() {
    for (Segment segment : weights) {
      if (regularization.l2() > 0) {
        Nd4j.getBlasWrapper()
            .axpy((Number) regularization.l2(), segment.parameters(), segment.gradient());
      }
      if (regularization.l1() > 0) {
        segment
            .gradient()
            .addi(Transforms.sign(segment.parameters(), true).muli(regularization.l1()));
      }
    }
  }

  private void decay(double learningRate) {
    if (regularization.weightDecay() > 0) {
      Number shrinkage = regularization.weightDecay() * learningRate;
      for (Segment segment : weights) {
        Nd4j.getBlasWrapper().axpy(shrinkage, segment.parameters(), segment.gradient());
      }
    }
  }

  private void bound() {
    if (regularization.maxNorm() > 0) {
      bounded.forEach(weights -> weights.bound(regularization.maxNorm()));
    }
  }

  /** The optimizer's state as the update rule keeps it; a copy, empty for rules without state. */
  public float[] state() {
    return stateLength == 0 ? new float[0] : state.data().asFloat();
  }

  /**
   * Overwrites the optimizer's state.
   *
   * @param values as {@link #state()} returned it; empty for zeros
   * @throws IllegalArgumentException if the length is another
   */
  public void setState(float[] values) {
    if (values.length == 0) {
      state.assign(0);
    } else if (values.length == stateLength) {
      state.assign(Nd4j.createFromArray(values).reshape(1, values.length));
    } else {
      throw new IllegalArgumentException(
          "Cannot set the optimizer's state: expected "
              + stateLength
              + " values, found "
              + values.length);
    }
  }

  /**
   * Weights whose norm per unit is bounded.
   *
   * @param weights a view: [inputs, units], or [units, inputs, height, width] of a convolution
   * @param incoming the dimensions that one unit's weights extend over
   */
  private record BoundedWeights(INDArray weights, int... incoming) {
    static BoundedWeights of(INDArray weights) {
      return weights.rank() == 2
          ? new BoundedWeights(weights, 0)
          : new BoundedWeights(weights, IntStream.range(1, weights.rank()).toArray());
    }

    void bound(double maxNorm) {
      INDArray scale = weights.norm2(true, incoming).rdivi(maxNorm);
      weights.muli(Transforms.min(scale, 1.0, false));
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
