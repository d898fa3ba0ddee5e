package dev.convoy.worker.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * Sums over all pixels of each channel, in two kernels: over the pixels of a strip, and over the
 * strips.
 */
final class Columns {
  private final CudaPlan plan;
  private final ValueFormat type;
  private final int rows;
  private final int columns;
  private final boolean inPacks;
  private final Grid grid;
  private final DeviceTensor strips;

  /**
   * Sums of tensors of an extent.
   *
   * @param terms of each value that are summed
   */
  Columns(CudaPlan plan, DeviceTensor tensor, int terms) {
    this.plan = plan;
    this.type = tensor.type();
    rows = tensor.rows();
    columns = tensor.channels();
    inPacks = columns % type.pack() == 0;
    grid = Grid.ofStrips(rows, inPacks ? columns / type.pack() : columns);
    strips = plan.floats((long) terms * grid.blocksY() * columns);
  }

  /** Adds the kernels that leave the sum of each channel in float32. */
  static void sumInto(CudaPlan plan, DeviceTensor tensor, Address sums) {
    Columns columns = new Columns(plan, tensor, 1);
    columns.sum("column_sums", tensor);
    columns.finish("finish_column_sums", sums);
  }

  /** Adds the kernel that sums strips: its arguments, and behind them the extent and the strips. */
  void sum(String kernel, Object... arguments) {
    sumWith(kernel, List.of(arguments), List.of());
  }

  /** The same with arguments between the extent and the strips. */
  void sumWith(String kernel, List<Object> arguments, List<Object> behindExtent) {
    List<Object> all = new ArrayList<>(arguments);
    all.add(rows);
    all.add(columns);
    all.addAll(behindExtent);
    all.add(strips);
    plan.launch(kernel + "_" + type.suffix() + (inPacks ? "_packs" : ""), grid, all.toArray());
  }

  /** Adds the kernel that sums the strips: these, how many, the channels, and its arguments. */
  void finish(String kernel, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(strips, grid.blocksY(), columns));
    all.addAll(List.of(arguments));
    plan.launch(kernel, Grid.ofSums(columns), all.toArray());
  }

  DeviceTensor strips() {
    return strips;
  }

  /** How many strips there are. */
  int count() {
    return grid.blocksY();
  }

  /** For the kernel that sums the strips. */
  Grid finishingGrid() {
    return Grid.ofSums(columns);
  }
}
