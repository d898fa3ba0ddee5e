package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.worker.model.layer.WeightNormalizedConvolution;
import dev.convoy.worker.model.layer.WeightNormalizedDense;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Gives the filters of plain convolutions, and the units of full connections, a length of their
 * own; other layers stay as they are.
 */
final class WeightNormalization {
  static final Component<ChannelNormalization> COMPONENT =
      Component.named(
              "weight",
              "by a length and a direction of each filter's or unit's weights;"
                  + " optimizer.max-norm and optimizer.orthogonality act on the direction alone")
          .from("Salimans and Kingma, \"Weight normalization\", 2016")
          .createdBy(options -> new OfPlainLayers());

  private WeightNormalization() {}

  /** Nothing stands behind a layer: the layer itself is another one. */
  private static final class OfPlainLayers implements ChannelNormalization {
    @Override
    public Optional<Layer> layer() {
      return Optional.empty();
    }

    @Override
    public boolean isOfWeights() {
      return true;
    }

    @Override
    public ConvolutionLayer applied(ConvolutionLayer convolution) {
      return convolution.getClass() == ConvolutionLayer.class
          ? WeightNormalizedConvolution.of(convolution)
          : convolution;
    }

    @Override
    public DenseLayer applied(DenseLayer connection) {
      return WeightNormalizedDense.of(connection);
    }
  }
}
