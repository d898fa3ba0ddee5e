package dev.convoy.worker.model.layer;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A convolution whose channels and filters are in groups, neighbours together: a filter reads the
 * channels of its own group (Krizhevsky, Sutskever and Hinton 2012; Xie, Girshick, Dollár, Tu and
 * He, "Aggregated residual transformations for deep neural networks", 2017). Everything else is as
 * in Deeplearning4j's {@link ConvolutionLayer}, which has no groups.
 *
 * <p>Weights have the axes [filters, channels of a group, height, width].
 */
public final class GroupedConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  @JsonProperty private int groups;

  /** For Deeplearning4j, which sets the fields when it restores a model. */
  GroupedConvolution() {}

  private GroupedConvolution(Builder builder) {
    super(builder);
    this.groups = builder.groups;
    initializeConstraints(builder);
  }

  /** How many groups there are; divides the channels and the filters. */
  public int groups() {
    return groups;
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    super.setNIn(inputType, override);
    if (nIn % groups != 0 || nOut % groups != 0) {
      throw new IllegalArgumentException(
          "Cannot convolve in groups in layer "
              + getLayerName()
              + ": expected channels and filters that "
              + groups
              + " divides, found "
              + nIn
              + " and "
              + nOut
              + ".");
    }
  }

  @Override
  public ParamInitializer initializer() {
    return new Initializer();
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    return new Computation(configuration, type).prepared(listeners, index, parameters, initialize);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof GroupedConvolution convolution
        && groups == convolution.groups;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), groups);
  }

  /** A convolution of ordinary weights with the axes of this one's: of one group's channels. */
  private static ConvolutionLayer ofOneGroup(GroupedConvolution all) {
    ConvolutionLayer one =
        new ConvolutionLayer.Builder(all.getKernelSize())
            .hasBias(all.hasBias())
            .nIn(all.getNIn() / all.groups)
            .nOut(all.getNOut())
            .build();
    one.setWeightInitFn(all.getWeightInitFn());
    one.setBiasInit(all.getBiasInit());
    return one;
  }

  /** Parameters as those of a convolution of one group's channels. */
  private static final class Initializer extends ConvolutionParamInitializer {
    private static NeuralNetConfiguration ofOneGroup(NeuralNetConfiguration configuration) {
      NeuralNetConfiguration one = new NeuralNetConfiguration();
      one.setLayer(GroupedConvolution.ofOneGroup((GroupedConvolution) configuration.getLayer()));
      return one;
    }

    @Override
    public long numParams(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return super.numParams(
          layer instanceof GroupedConvolution all ? GroupedConvolution.ofOneGroup(all) : layer);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(
        NeuralNetConfiguration configuration, INDArray gradients) {
      return super.getGradientsFromFlattened(ofOneGroup(configuration), gradients);
    }

    @Override
    protected INDArray createWeightMatrix(
        NeuralNetConfiguration configuration, INDArray weights, boolean initialize) {
      return super.createWeightMatrix(ofOneGroup(configuration), weights, initialize);
    }
  }

  /** As a convolution of all channels, whose weights are zero outside of the groups. */
  private static final class Computation extends DerivedWeightsConvolution {
    private static final long serialVersionUID = 1L;

    Computation(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    private GroupedConvolution grouped() {
      return (GroupedConvolution) layerConf();
    }

    /** 1 where a filter's group has a channel, else 0; axes [filters, channels, 1, 1]. */
    private INDArray membership() {
      int filters = Math.toIntExact(grouped().getNOut());
      int channels = Math.toIntExact(grouped().getNIn());
      float[] members = new float[filters * channels];
      for (int i = 0; i < members.length; i++) {
        long groupOfFilter = (long) (i / channels) * grouped().groups / filters;
        long groupOfChannel = (long) (i % channels) * grouped().groups / channels;
        members[i] = groupOfFilter == groupOfChannel ? 1 : 0;
      }
      return Nd4j.create(members, new long[] {filters, channels, 1, 1}, 'c').castTo(dataType);
    }

    @Override
    protected INDArray derive(INDArray weights) {
      return Nd4j.tile(weights, 1, grouped().groups, 1, 1).mul(membership()).dup('c');
    }

    @Override
    protected void backward(INDArray ofDerived, Map<String, INDArray> gradients) {
      INDArray ofWeights = gradients.get(ConvolutionParamInitializer.WEIGHT_KEY);
      long[] shape = ofWeights.shape();
      ofWeights.assign(
          ofDerived
              .mul(membership())
              .reshape('c', shape[0], grouped().groups, shape[1], shape[2], shape[3])
              .sum(1));
    }
  }

  /** Sets up a layer. */
  public static final class Builder extends BaseConvBuilder<Builder> {
    private int groups = 1;

    /** With a kernel of so many rows and columns. */
    public Builder(int height, int width) {
      super(new int[] {height, width});
    }

    /** With so many groups, at least 1. */
    public Builder groups(int count) {
      if (count < 1) {
        throw new IllegalArgumentException(
            "Cannot convolve in groups: expected at least 1, found " + count + ".");
      }
      this.groups = count;
      return this;
    }

    @Override
    protected boolean allowCausal() {
      return false;
    }

    @Override
    // What the caller expects, as everywhere in Deeplearning4j.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <E extends org.deeplearning4j.nn.conf.layers.Layer> E build() {
      return (E) new GroupedConvolution(this);
    }
  }
}
