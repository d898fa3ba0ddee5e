package dev.convoy.worker.graph;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * In inference, a convolution with all that follows it: the batch normalisation, whose running
 * statistics scale the weights and shift the result; a second value that is added; a function.
 *
 * <p>With scale s = gamma / sqrt(variance + epsilon), the convolution's weights are s W and its
 * bias is s (b - mean) + beta, for each filter.
 *
 * @param addend name of the value that is added
 */
public record FoldedConvolutionNode(
    String name,
    ConvolutionNode convolution,
    Optional<BatchNormalizationNode> normalization,
    Optional<String> addend,
    Activation activation)
    implements Node.Activated {

  /** A convolution that nothing has been folded into yet. */
  static FoldedConvolutionNode of(ConvolutionNode convolution) {
    return new FoldedConvolutionNode(
        convolution.name(),
        convolution,
        Optional.empty(),
        Optional.empty(),
        convolution.activation());
  }

  @Override
  public List<String> inputs() {
    return Stream.concat(convolution.inputs().stream(), addend.stream()).toList();
  }

  @Override
  public FoldedConvolutionNode reading(List<String> others) {
    return new FoldedConvolutionNode(
        name,
        convolution.reading(others.subList(0, 1)),
        normalization,
        addend.map(old -> others.get(1)),
        activation);
  }

  @Override
  public FoldedConvolutionNode activated(String newName, Activation function) {
    return new FoldedConvolutionNode(newName, convolution, normalization, addend, function);
  }

  /** The same with a normalisation, and its function, of the result. */
  FoldedConvolutionNode normalized(BatchNormalizationNode by) {
    return new FoldedConvolutionNode(
        by.name(), convolution, Optional.of(by), Optional.empty(), by.activation());
  }

  /** The same with one more value added. */
  FoldedConvolutionNode plus(String newName, String value) {
    return new FoldedConvolutionNode(
        newName, convolution, normalization, Optional.of(value), activation);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return convolution.result(arguments);
  }
}
