package dev.convoy.worker.cuda.simulation;

/** How filters go over images; of each pair the first is for rows, the second for columns. */
record ConvolutionShape(int[] padding, int[] stride, int[] dilation, int groups) {
  /** The extent of the result along an axis. */
  int result(int axis, int extent, int filter) {
    int covered = (filter - 1) * dilation[axis] + 1;
    return Math.floorDiv(extent + 2 * padding[axis] - covered, stride[axis]) + 1;
  }
}
