package dev.convoy.benchmark.averaging;

import dev.convoy.benchmark.BenchmarkException;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Deeplearning4j's parameter averaging: a perceptron with about as many parameters, one batch of
 * one example on each worker between two averagings, which takes a worker little beside what
 * averaging does.
 */
final class StockRounds implements Rounds {
  private static final int INPUTS = 1000;
  private static final int OUTPUTS = 10;
  private static final double RATE = 1e-3;
  private static final double MOMENTUM = 0.9;

  private final SparkComputationGraph network;
  private final JavaRDD<DataSet> examples;
  private double before;

  /**
   * Before the first round.
   *
   * @param workers of one core each
   * @param parameters that the network has at most
   */
  StockRounds(JavaSparkContext spark, int workers, int parameters) {
    this.examples =
        spark
            .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
            .map(worker -> new DataSet(Nd4j.rand(1, INPUTS), Nd4j.eye(OUTPUTS).getRow(0, true)));
    this.network =
        new SparkComputationGraph(
            spark,
            perceptron(parameters),
            new ParameterAveragingTrainingMaster.Builder(workers, 1)
                .batchSizePerWorker(1)
                .averagingFrequency(1)
                .saveUpdater(true)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .storageLevel(null) // nothing piles up
                .build());
    this.before = first();
  }

  private static ComputationGraph perceptron(int parameters) {
    int hidden = (parameters - OUTPUTS) / (INPUTS + 1 + OUTPUTS);
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .updater(new Nesterovs(RATE, MOMENTUM))
            .graphBuilder()
            .addInputs("input")
            .addLayer(
                "hidden",
                new DenseLayer.Builder()
                    .nIn(INPUTS)
                    .nOut(hidden)
                    .activation(Activation.TANH)
                    .build(),
                "input")
            .addLayer(
                "output",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nIn(hidden)
                    .nOut(OUTPUTS)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "hidden")
            .setOutputs("output")
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  @Override
  public void next() {
    network.fit(examples);
  }

  private double first() {
    return network.getNetwork().params().getDouble(0);
  }

  @Override
  public void check() {
    double after = first();
    if (after == before || !Double.isFinite(after)) {
      throw new BenchmarkException(
          String.format(
              Locale.ROOT,
              "Cannot measure: expected rounds that change parameters, found one that stayed %s",
              after));
    }
    before = after;
  }

  @Override
  public void close() {
    // Deeplearning4j's memory is freed when Java finds that nobody needs it.
  }
}
