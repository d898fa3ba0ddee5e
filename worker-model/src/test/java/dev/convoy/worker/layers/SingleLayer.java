package dev.convoy.worker.layers;

import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One layer, by itself, so that the gradient of its input can be seen. */
record SingleLayer(ComputationGraph network, LayerHelpers.Report report) {
  private static final String NAME = "layer";

  /**
   * What a layer computes.
   *
   * @param inference its output in inference
   * @param output its output in training
   * @param inputGradient of the sum of output × output gradient
   * @param gradients of its parameters, by name
   */
  record Pass(
      INDArray inference,
      INDArray output,
      INDArray inputGradient,
      Map<String, INDArray> gradients) {

    /** The largest difference of anything. */
    double difference(Pass other) {
      double worst =
          Math.max(
              Twins.difference(inference, other.inference),
              Math.max(
                  Twins.difference(output, other.output),
                  Twins.difference(inputGradient, other.inputGradient)));
      for (var gradient : gradients.entrySet()) {
        worst =
            Math.max(
                worst,
                Twins.difference(gradient.getValue(), other.gradients.get(gradient.getKey())));
      }
      return worst;
    }
  }

  /** A layer on the stock path. */
  static SingleLayer stock(org.deeplearning4j.nn.conf.layers.Layer layer, InputType input) {
    return of(layer, input, DataType.FLOAT, LayerHelpers.Settings.none());
  }

  /** A layer on its fast path, if it has one. */
  static SingleLayer accelerated(org.deeplearning4j.nn.conf.layers.Layer layer, InputType input) {
    return of(layer, input, DataType.FLOAT, LayerHelpers.Settings.all());
  }

  /** A layer with seeded random parameters. */
  static SingleLayer of(
      org.deeplearning4j.nn.conf.layers.Layer layer,
      InputType input,
      DataType type,
      LayerHelpers.Settings settings) {
    var network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .dataType(type)
                .graphBuilder()
                .addInputs("input")
                .addLayer(NAME, layer.clone(), "input")
                .setOutputs(NAME)
                .setInputTypes(input)
                .build());
    network.init();
    network.initGradientsView();
    var random = new Random(1);
    network
        .getLayer(NAME)
        .paramTable()
        .forEach(
            (name, parameter) -> {
              for (long i = 0; i < parameter.length(); i++) {
                // All but weights may be variances, which are positive.
                boolean isWeight = name.equals(ConvolutionParamInitializer.WEIGHT_KEY);
                parameter.putScalar(
                    i, isWeight ? random.nextGaussian() : 0.5 + random.nextDouble());
              }
            });
    LayerHelpers.Report report = LayerHelpers.install(network, settings);
    Twins.failLoudly(network.getLayer(NAME).conf().getLayer());
    return new SingleLayer(network, report);
  }

  Layer layer() {
    return network.getLayer(NAME);
  }

  INDArray parameter(String name) {
    return layer().getParam(name);
  }

  /** The shape of the output. */
  long[] outputShape(INDArray input) {
    return layer().activate(input.dup(), false, LayerWorkspaceMgr.noWorkspaces()).shape();
  }

  /** Forward in inference and in training, and backward. The arrays are not changed. */
  Pass pass(INDArray input, INDArray outputGradient) {
    LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    INDArray inference = layer().activate(input.dup(), false, workspaces).dup();
    INDArray output = layer().activate(input.dup(), true, workspaces).dup();
    Pair<Gradient, INDArray> gradients = layer().backpropGradient(outputGradient.dup(), workspaces);
    return new Pass(
        inference, output, gradients.getSecond(), gradients.getFirst().gradientForVariable());
  }

  /** Whole numbers from -2 to 2, so that many are equal. */
  static INDArray tiedImages(long seed, long... shape) {
    INDArray images = Twins.images(seed, shape);
    return Nd4j.math().clipByValue(Nd4j.math().round(images), -2, 2);
  }
}
