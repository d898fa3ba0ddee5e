package dev.convoy.worker.layers;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.normalization.LocalResponseNormalization;

/** A kind of layer that can be accelerated. */
public enum LayerKind {
  /** Two-dimensional convolutions. */
  CONVOLUTION("conv", "convolution", ConvolutionLayer.class),
  /** Batch normalisation of images, with learned scale and shift. */
  BATCH_NORMALIZATION("batch-norm", "batch normalisation", BatchNormalization.class),
  /** Maximum and average pooling. */
  POOLING("pooling", "pooling", SubsamplingLayer.class, HostPooling.class),
  /** Local response normalisation across channels. */
  LOCAL_RESPONSE_NORMALIZATION(
      "lrn", "local response normalisation", LocalResponseNormalization.class),
  /** Layers that hold an activation function alone; relu is accelerated. */
  ACTIVATION("activation", "activation", ActivationLayer.class, NativeRelu.class);

  private final String key;
  private final String label;
  private final Class<? extends Layer> stock;
  private final Class<? extends Layer> fast;

  LayerKind(String key, String label, Class<? extends Layer> stock, Class<? extends Layer> fast) {
    this.key = key;
    this.label = label;
    this.stock = stock;
    this.fast = fast;
  }

  /** One that is accelerated by a helper inside the stock layer. */
  LayerKind(String key, String label, Class<? extends Layer> stock) {
    this(key, label, stock, stock);
  }

  /** Its name in a configuration. */
  public String key() {
    return key;
  }

  /** Its name in a log. */
  public String label() {
    return label;
  }

  /** The kind of a layer, or null if that is none of these. */
  static LayerKind of(Layer layer) {
    for (LayerKind kind : values()) {
      // Exactly these classes: Deeplearning4j's subclasses are other layers.
      if (layer.getClass() == kind.stock || layer.getClass() == kind.fast) {
        return kind;
      }
    }
    return null;
  }
}
