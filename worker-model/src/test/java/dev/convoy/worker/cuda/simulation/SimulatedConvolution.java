package dev.convoy.worker.cuda.simulation;

/**
 * A convolution of images x by filters w with the result y, and its gradients, from the formula and
 * with sums in double precision.
 */
record SimulatedConvolution(TensorShape x, TensorShape w, ConvolutionShape shape, TensorShape y) {
  /** What is done with the channels of a pixel, the values of a filter for them, and a result. */
  private interface Channels {
    void visit(int pixel, int filter, int result);
  }

  /** Whether the shapes fit each other. */
  boolean fits() {
    return x.order() == w.order()
        && x.order() == y.order()
        && x.format() == w.format()
        && x.format() == y.format()
        && fitsGroups()
        && x.images() == y.images()
        && w.images() == y.channels()
        && y.height() == shape.result(0, x.height(), w.height())
        && y.width() == shape.result(1, x.width(), w.width());
  }

  private boolean fitsGroups() {
    return w.channels() * shape.groups() == x.channels() && w.images() % shape.groups() == 0;
  }

  double[] forward(float[] images, float[] filters) {
    double[] result = new double[y.elements()];
    int step = x.channelStep();
    int filterStep = w.channelStep();
    walk(
        (pixel, filter, to) -> {
          double sum = 0;
          for (int c = 0; c < w.channels(); c++) {
            sum += (double) images[pixel + c * step] * filters[filter + c * filterStep];
          }
          result[to] += sum;
        });
    return result;
  }

  double[] imageGradient(float[] filters, float[] resultGradient) {
    double[] gradient = new double[x.elements()];
    int step = x.channelStep();
    int filterStep = w.channelStep();
    walk(
        (pixel, filter, from) -> {
          double slope = resultGradient[from];
          for (int c = 0; c < w.channels(); c++) {
            gradient[pixel + c * step] += slope * filters[filter + c * filterStep];
          }
        });
    return gradient;
  }

  double[] filterGradient(float[] images, float[] resultGradient) {
    double[] gradient = new double[w.elements()];
    int step = x.channelStep();
    int filterStep = w.channelStep();
    walk(
        (pixel, filter, from) -> {
          double slope = resultGradient[from];
          for (int c = 0; c < w.channels(); c++) {
            gradient[filter + c * filterStep] += slope * images[pixel + c * step];
          }
        });
    return gradient;
  }

  private void walk(Channels visitor) {
    for (int image = 0; image < y.images(); image++) {
      for (int filter = 0; filter < y.channels(); filter++) {
        for (int row = 0; row < y.height(); row++) {
          for (int column = 0; column < y.width(); column++) {
            walk(image, filter, row, column, visitor);
          }
        }
      }
    }
  }

  private void walk(int image, int filter, int row, int column, Channels visitor) {
    int channel = filter / (w.images() / shape.groups()) * w.channels();
    int result = y.index(image, filter, row, column);
    for (int i = 0; i < w.height(); i++) {
      int fromRow = row * shape.stride()[0] - shape.padding()[0] + i * shape.dilation()[0];
      for (int j = 0; j < w.width(); j++) {
        int fromColumn = column * shape.stride()[1] - shape.padding()[1] + j * shape.dilation()[1];
        if (fromRow >= 0 && fromRow < x.height() && fromColumn >= 0 && fromColumn < x.width()) {
          visitor.visit(
              x.index(image, channel, fromRow, fromColumn), w.index(filter, 0, i, j), result);
        }
      }
    }
  }
}
