package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Family;
import dev.convoy.data.component.Option;
import dev.convoy.worker.model.layer.GroupNormalization;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** What gives the channels behind a convolution a mean and a variance. Immutable. */
@FunctionalInterface
public interface ChannelNormalization {
  /** By the batch's statistics in training, by running ones in inference. */
  Component<ChannelNormalization> BATCH =
      Component.named("batch", "by the mean and variance of a batch's channels")
          .from("Ioffe and Szegedy, \"Batch normalization\", 2015")
          .createdBy(options -> batch());

  /** No normalisation at all. */
  Component<ChannelNormalization> NONE =
      Component.named("none", "not at all; layers then have a bias").createdBy(options -> none());

  /** How many groups of channels. */
  Option<Integer> GROUPS =
      Option.wholeNumber(
          "groups",
          8,
          1,
          NetworkSketch.MAX_WIDTH,
          "groups of channels; of a layer with channels that it does not divide, the greatest"
              + " common divisor");

  /** By each image's groups of channels. */
  Component<ChannelNormalization> GROUP =
      Component.named("group", "by the mean and variance of groups of an image's channels")
          .from("Wu and He, \"Group normalization\", 2018")
          .with(GROUPS)
          .createdBy(
              options ->
                  () ->
                      Optional.of(
                          new GroupNormalization(options.value(GROUPS), NetworkSketch.EPSILON)));

  /** By all values of an image. */
  Component<ChannelNormalization> LAYER =
      Component.named("layer", "by the mean and variance of all of an image's values")
          .from("Ba, Kiros and Hinton, \"Layer normalization\", 2016")
          .createdBy(
              options -> () -> Optional.of(new GroupNormalization(1, NetworkSketch.EPSILON)));

  /** By each channel of each image. */
  Component<ChannelNormalization> INSTANCE =
      Component.named("instance", "by the mean and variance of each of an image's channels")
          .from("Ulyanov, Vedaldi and Lempitsky, \"Instance normalization\", 2016")
          .createdBy(
              options -> () -> Optional.of(GroupNormalization.ofChannels(NetworkSketch.EPSILON)));

  /** Every normalisation. A new one is its own file and one more element here. */
  Family<ChannelNormalization> FAMILY =
      Family.of(
          "normalization",
          List.of(
              NONE,
              BATCH,
              LAYER,
              INSTANCE,
              GROUP,
              LocalResponse.COMPONENT,
              WeightNormalization.COMPONENT));

  /** Those that know vectors, too. */
  Family<ChannelNormalization> OF_VECTORS =
      Family.of("normalization", List.of(NONE, BATCH, LAYER, GROUP, WeightNormalization.COMPONENT));

  /** A new layer; empty if nothing is normalised. */
  Optional<Layer> layer();

  /** What it makes of a convolution. */
  default ConvolutionLayer applied(ConvolutionLayer convolution) {
    return convolution;
  }

  /** What it makes of a full connection. */
  default DenseLayer applied(DenseLayer connection) {
    return connection;
  }

  /** Whether the weights of a layer are normalised, rather than its result. */
  default boolean isOfWeights() {
    return false;
  }

  /** Whether it adds a shift to each channel, so that a convolution before it needs no bias. */
  default boolean hasShift() {
    return layer()
        .filter(layer -> layer instanceof BatchNormalization || layer instanceof GroupNormalization)
        .isPresent();
  }

  /** Whether it multiplies each channel by a scale that is learned: those with a shift do. */
  default boolean hasScale() {
    return hasShift();
  }

  /** Batch normalisation. */
  static ChannelNormalization batch() {
    return () -> Optional.of(batchLayer());
  }

  /** No normalisation. */
  static ChannelNormalization none() {
    return Optional::empty;
  }

  private static Layer batchLayer() {
    return new BatchNormalization.Builder()
        .decay(0.9) // of the running statistics, per step
        .eps(NetworkSketch.EPSILON)
        .gamma(1)
        .beta(0)
        // Variances, not logarithms: averaging replicas then gives the mean variance.
        .useLogStd(false)
        // Running statistics travel as gradients; clipping would stop them.
        .gradientNormalization(GradientNormalization.None)
        .build();
  }
}
