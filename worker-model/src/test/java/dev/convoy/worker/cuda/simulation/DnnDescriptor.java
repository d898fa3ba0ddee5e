package dev.convoy.worker.cuda.simulation;

/** Descriptions that cuDNN keeps under a handle. */
final class DnnDescriptor {
  /** Of a tensor; null as long as it is empty. */
  static final class Tensor {
    private TensorShape shape;

    TensorShape shape() {
      return shape;
    }

    void shape(TensorShape other) {
      shape = other;
    }
  }

  /** Of filters; null as long as it is empty. */
  static final class Filter {
    private TensorShape shape;

    TensorShape shape() {
      return shape;
    }

    void shape(TensorShape other) {
      shape = other;
    }
  }

  /** Of a convolution; null as long as it is empty. */
  static final class Geometry {
    private ConvolutionShape shape;

    ConvolutionShape shape() {
      return shape;
    }

    void shape(ConvolutionShape other) {
      shape = other;
    }
  }

  private DnnDescriptor() {}
}
