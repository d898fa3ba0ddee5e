package dev.convoy.worker.layers;

import java.lang.reflect.Field;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.normalization.LocalResponseNormalization;

/**
 * The field of a stock layer that holds its helper. Deeplearning4j fills it in the layer's
 * constructor and offers no setter, so this is the one place that reaches for it by reflection.
 */
enum HelperField {
  CONVOLUTION(ConvolutionLayer.class),
  BATCH_NORMALIZATION(BatchNormalization.class),
  LOCAL_RESPONSE_NORMALIZATION(LocalResponseNormalization.class);

  private static final String NAME = "helper";

  @SuppressWarnings("ImmutableEnumChecker") // made accessible in the constructor, then left alone
  private final Field field;

  HelperField(Class<? extends Layer> layer) {
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

  /** Sets the helper of a layer; null is the stock path. Returns whether there is one. */
  boolean set(Layer layer, LayerHelper helper) {
    try {
      field.set(layer, helper);
      return helper != null;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Cannot set the helper of " + layer.getClass().getName(), e);
    }
  }
}
