package dev.convoy.worker.accelerator.helper;

import java.lang.reflect.Field;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;

/**
 * The field of a stock layer that holds its helper. Deeplearning4j fills it in the layer's
 * constructor and offers no setter, so this is the one place that reaches for it by reflection.
 */
enum HelperField {
  CONVOLUTION(ConvolutionLayer.class),
  BATCH_NORMALIZATION(BatchNormalization.class),
  POOLING(SubsamplingLayer.class);

  private static final String NAME = "helper";

  private final Class<? extends Layer> layer;

  @SuppressWarnings("ImmutableEnumChecker") // made accessible in the constructor, then left alone
  private final Field field;

  HelperField(Class<? extends Layer> layer) {
    this.layer = layer;
    try {
      field = layer.getDeclaredField(NAME);
      field.setAccessible(true);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "Cannot accelerate layers: expected %s of Deeplearning4j 1.0.0-M2.1 with a field '%s'"
              .formatted(layer.getName(), NAME),
          e);
    }
  }

  /** The helper field of a layer, or null if its kind is not accelerated. */
  static HelperField of(Layer layer) {
    for (HelperField candidate : values()) {
      // Exactly this class: subclasses are other kinds of convolution with the same field.
      if (candidate.layer == layer.getClass()) {
        return candidate;
      }
    }
    return null;
  }

  /** Sets the helper of a layer; null is the stock path. */
  void set(Layer layer, LayerHelper helper) {
    try {
      field.set(layer, helper);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Cannot set the helper of " + layer.getClass().getName(), e);
    }
  }
}
