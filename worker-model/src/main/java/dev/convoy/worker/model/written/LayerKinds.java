package dev.convoy.worker.model.written;

import dev.convoy.data.component.Family;
import java.util.List;
import java.util.stream.Stream;

/** The kinds of layers that a network can be written with. */
public final class LayerKinds {
  /** Every kind. A new one is its own file and one more line here. */
  public static final Family<WrittenLayer> FAMILY =
      Family.of(
          "layer",
          Stream.of(
                  ConvolutionKind.KINDS,
                  DepthwiseConvolutionKind.KINDS,
                  DenseKind.KINDS,
                  MaxoutKind.KINDS,
                  PoolingKind.KINDS,
                  AdaptivePoolingKind.KINDS,
                  GlobalPoolingKind.KINDS,
                  NormalizationKinds.KINDS,
                  ActivationKinds.KINDS,
                  DropoutKinds.KINDS,
                  JoiningKind.KINDS,
                  SqueezeExcitationKind.KINDS,
                  AuxiliaryClassifierKind.KINDS,
                  FlatteningKind.KINDS,
                  ScalingKind.KINDS)
              .flatMap(List::stream)
              .map(WrittenLayer::of)
              .toList());

  private LayerKinds() {}
}
