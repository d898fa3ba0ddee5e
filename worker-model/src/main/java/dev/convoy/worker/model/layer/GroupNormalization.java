package dev.convoy.worker.model.layer;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Group normalisation, a layer that Deeplearning4j does not have: each group of neighbouring
 * channels of each image, or of neighbouring values of each vector, has mean 0 and variance 1, then
 * each channel a scale {@code gamma} and a shift {@code beta}, [1, channels]. The same in training
 * and in inference; what is computed of an image does not depend on its batch.
 *
 * <p>Its class is named in saved models, which Deeplearning4j restores where Convoy is on the class
 * path.
 */
public final class GroupNormalization extends DifferentiatedLayer {
  private static final long serialVersionUID = 1L;

  /** The parameter that multiplies what was normalised. */
  public static final String SCALE = BatchNormalizationParamInitializer.GAMMA;

  /** The parameter that is added to it. */
  public static final String SHIFT = BatchNormalizationParamInitializer.BETA;

  @JsonProperty private int groups;
  @JsonProperty private double epsilon;
  @JsonProperty private long channels;
  @JsonProperty private double initialScale = 1; // also where a saved model does not say

  /** For Deeplearning4j, which sets the fields when it restores a model. */
  GroupNormalization() {}

  /**
   * A layer whose channels follow from its input.
   *
   * @param groups at least 1; of channels that it does not divide, there are as many groups as the
   *     greatest common divisor
   * @param epsilon added to variances, positive
   */
  public GroupNormalization(int groups, double epsilon) {
    this.groups = groups;
    this.epsilon = epsilon;
  }

  /**
   * Instance normalisation: each channel is a group (Ulyanov, Vedaldi and Lempitsky, "Instance
   * normalization", 2016).
   *
   * @param epsilon added to variances, positive
   */
  public static GroupNormalization ofChannels(double epsilon) {
    return new GroupNormalization(
        0, epsilon); // the greatest common divisor with any number is that
  }

  /** Gives every channel another scale than 1 to begin with. */
  public void setInitialScale(double scale) {
    initialScale = scale;
  }

  /** How many groups there are, once the input is known. */
  public int groups() {
    return groups;
  }

  /** What is added to variances. */
  public double epsilon() {
    return epsilon;
  }

  /** How many channels there are, once the input is known. */
  public long channels() {
    return channels;
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    if (inputType instanceof InputType.InputTypeConvolutional images) {
      channels = images.getChannels();
    } else if (inputType instanceof InputType.InputTypeFeedForward vectors) {
      channels = vectors.getSize();
    } else {
      throw new IllegalArgumentException(
          "Cannot normalise groups in layer "
              + getLayerName()
              + ": expected images or vectors, found "
              + inputType
              + ".");
    }
    groups = BigInteger.valueOf(groups).gcd(BigInteger.valueOf(channels)).intValue();
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  /** No weights, which would decay: a scale and a shift. */
  @Override
  public void defineParameters(SDLayerParams parameters) {
    parameters.addBiasParam(SCALE, 1, channels);
    parameters.addBiasParam(SHIFT, 1, channels);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> parameters) {
    parameters.get(SCALE).assign(initialScale);
    parameters.get(SHIFT).assign(0);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff graph, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
    long[] shape = input.getShape().clone();
    shape[0] = -1; // as many as there are
    long[] perChannel = new long[shape.length];
    Arrays.fill(perChannel, 1);
    perChannel[1] = channels;
    long ofImage = Arrays.stream(shape, 1, shape.length).reduce(1, Math::multiplyExact);
    SDVariable values = input.reshape(-1, groups, ofImage / groups);
    SDVariable centred = values.sub(values.mean(true, 2));
    SDVariable deviation = graph.math().sqrt(centred.mul(centred).mean(true, 2).add(epsilon));
    return centred
        .div(deviation)
        .reshape(shape)
        .mul(parameters.get(SCALE).reshape(perChannel))
        .add(parameters.get(SHIFT).reshape(perChannel));
  }
}
