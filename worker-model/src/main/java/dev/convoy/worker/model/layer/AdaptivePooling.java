package dev.convoy.worker.model.layer;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Pools images of any size to a given one: the mean or the largest value of {@link
 * AdaptiveWindows}, as PyTorch's {@code AdaptiveAvgPool2d} and {@code AdaptiveMaxPool2d} do.
 */
public final class AdaptivePooling extends DifferentiatedLayer {
  private static final long serialVersionUID = 1L;

  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  @JsonProperty private PoolingType type;
  @JsonProperty private long height;
  @JsonProperty private long width;

  /** For Deeplearning4j, which sets the fields when it restores a model. */
  AdaptivePooling() {}

  /**
   * A layer for images of any size.
   *
   * @param type {@link PoolingType#AVG} or {@link PoolingType#MAX}
   * @param height of the result, at least 1
   * @param width of the result, at least 1
   */
  public AdaptivePooling(PoolingType type, int height, int width) {
    boolean known = type == PoolingType.AVG || type == PoolingType.MAX;
    if (!known || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Cannot pool to a given extent: expected AVG or MAX and at least 1 × 1, found "
              + type
              + " and "
              + height
              + " × "
              + width
              + ".");
    }
    this.type = type;
    this.height = height;
    this.width = width;
  }

  /** What is taken of a window. */
  public PoolingType type() {
    return type;
  }

  /** Rows of the result. */
  public long height() {
    return height;
  }

  /** Columns of the result. */
  public long width() {
    return width;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    if (!(inputType instanceof InputType.InputTypeConvolutional images)) {
      throw new IllegalArgumentException(
          "Cannot pool in layer " + getLayerName() + ": expected images, found " + inputType + ".");
    }
    return InputType.convolutional(height, width, images.getChannels());
  }

  @Override
  public void defineParameters(SDLayerParams parameters) {
    parameters.clear(); // has none
  }

  @Override
  public void initializeParameters(Map<String, INDArray> parameters) {
    // has none
  }

  /** First rows, then columns: a window is a rectangle. */
  @Override
  public SDVariable defineLayer(
      SameDiff graph, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
    AdaptiveWindows rows = new AdaptiveWindows(input.getShape()[ROWS], height);
    AdaptiveWindows columns = new AdaptiveWindows(input.getShape()[COLUMNS], width);
    return pool(graph, pool(graph, input, ROWS, rows), COLUMNS, columns);
  }

  private SDVariable pool(SameDiff graph, SDVariable values, int axis, AdaptiveWindows windows) {
    SDVariable[] pooled = new SDVariable[Math.toIntExact(windows.count())];
    for (int i = 0; i < pooled.length; i++) {
      SDIndex interval = SDIndex.interval(windows.from(i), windows.to(i));
      SDIndex all = SDIndex.all();
      SDVariable part =
          axis == ROWS ? values.get(all, all, interval, all) : values.get(all, all, all, interval);
      pooled[i] = type == PoolingType.AVG ? part.mean(true, axis) : part.max(true, axis);
    }
    return pooled.length == 1 ? pooled[0] : graph.concat(axis, pooled);
  }
}
