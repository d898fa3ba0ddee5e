package dev.convoy.worker.graph;

/**
 * The weights of a convolution whose filters and channels are in groups: a filter reads the
 * channels of its own group. A filter's weights lie {@code step} apart, in the order channel, row,
 * column.
 *
 * @param parameter of the layer
 * @param groups at least 1
 * @param filters of each group
 * @param channels of each group
 * @param groupStride from a group's first weight to that of the next
 * @param filterStride from a filter's first weight to that of the next in its group
 * @param step from one of a filter's weights to the next
 */
public record Kernels(
    String parameter,
    long groups,
    long filters,
    long channels,
    long groupStride,
    long filterStride,
    long step) {

  /** Of axes [filters, channels, height, width], without groups. */
  public static Kernels plain(String parameter, long filters, long channels, Window window) {
    long weights = channels * window.elements();
    return new Kernels(parameter, 1, filters, channels, filters * weights, weights, 1);
  }

  /** Of axes [filters, channels of a group, height, width]; {@code filters} are those of all. */
  static Kernels grouped(
      String parameter, long groups, long filters, long channels, Window window) {
    long weights = channels / groups * window.elements();
    long ofGroup = filters / groups;
    return new Kernels(
        parameter, groups, ofGroup, channels / groups, ofGroup * weights, weights, 1);
  }

  /** Of axes [height, width, channels, filters of each channel]. */
  static Kernels depthwise(String parameter, long filters, long channels) {
    return new Kernels(parameter, channels, filters, 1, filters, 1, channels * filters);
  }

  /** Of axes [filters of each channel, channels, height, width]. */
  static Kernels separable(String parameter, long filters, long channels, Window window) {
    long weights = window.elements();
    return new Kernels(parameter, channels, filters, 1, weights, channels * weights, 1);
  }

  /** Where a filter's weights begin; filters are counted through all groups. */
  public long first(long filter) {
    return filter / filters * groupStride + filter % filters * filterStride;
  }
}
