package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.ChannelNormalization;
import dev.convoy.worker.model.layer.GroupNormalization;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;

/** Every normalisation of values as a layer of its own, {@code batch-norm} for {@code batch}. */
final class NormalizationKinds {
  static final List<Component<LayerKind>> KINDS =
      ChannelNormalization.FAMILY.members().stream()
          .filter(member -> isLayer(member.name()))
          .map(NormalizationKinds::kind)
          .toList();

  private NormalizationKinds() {}

  private static boolean isLayer(String name) {
    return ChannelNormalization.FAMILY.create(ComponentSettings.defaults(name)).layer().isPresent();
  }

  private static Component<LayerKind> kind(Component<? extends ChannelNormalization> member) {
    return member.extended(
        member.name() + "-norm",
        List.of(),
        (normalization, options) -> place -> add(normalization, place, place::then));
  }

  /**
   * Adds a normalisation of values, if it is one.
   *
   * @param where takes the layer
   */
  static void add(ChannelNormalization normalization, LayerPlace place, Consumer<Layer> where) {
    normalization
        .layer()
        .ifPresent(
            layer -> {
              requireFit(layer, place);
              where.accept(layer);
            });
  }

  private static void requireFit(Layer layer, LayerPlace place) {
    if (layer instanceof LocalResponseNormalization) {
      place.images();
    }
    if (layer instanceof GroupNormalization normalization) {
      InputType values = place.before();
      long channels =
          values instanceof InputType.InputTypeConvolutional images
              ? images.getChannels()
              : values.arrayElementsPerExample();
      BigInteger groups =
          BigInteger.valueOf(normalization.groups()).gcd(BigInteger.valueOf(channels));
      if (values.arrayElementsPerExample() == groups.longValue()) {
        throw place.unfit(
            "normalisation of %s in %d groups, of one value each: all would be 0",
            LayerPlace.text(values), groups.longValue());
      }
    }
  }
}
