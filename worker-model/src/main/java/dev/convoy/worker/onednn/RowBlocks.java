package dev.convoy.worker.onednn;

import java.util.Arrays;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Two layouts of which each keeps some rows together, the same ones in the same bytes: what lies in
 * the one can be brought into the other where it is, rows after rows, with room for some rows.
 */
final class RowBlocks {
  private final memory.desc some;
  private final memory.desc plainly;
  private final long count;

  private RowBlocks(memory.desc some, memory.desc plainly, long count) {
    this.some = some;
    this.plainly = plainly;
    this.count = count;
  }

  /**
   * Whether values of one layout can be brought into another in place.
   *
   * @param blocked blocks of rows, a row being all that has one first index
   * @param plain rows one after the other
   */
  static boolean are(memory.desc blocked, memory.desc plain) {
    long rows = together(blocked);
    long row = Arrays.stream(OneDnn.dimensions(plain)).skip(1).reduce(1, Math::multiplyExact);
    return rows > 1
        && together(plain) == 1
        && Arrays.equals(OneDnn.dimensions(blocked), OneDnn.dimensions(plain))
        && blocked.data().data_type() == plain.data().data_type()
        && blocked.get_size() == plain.get_size()
        && plain.data().format_desc_blocking().strides().get(0) == row
        && blocked.data().format_desc_blocking().strides().get(0) == rows * row;
  }

  /** How many rows a layout keeps together; 0 if it is no layout of blocks. */
  private static long together(memory.desc layout) {
    if (layout.data().format_kind() != dnnl.dnnl_blocked) {
      return 0;
    }
    var blocks = layout.data().format_desc_blocking();
    long rows = 1;
    for (int i = 0; i < blocks.inner_nblks(); i++) {
      rows *= blocks.inner_idxs().get(i) == 0 ? blocks.inner_blks().get(i) : 1;
    }
    return rows;
  }

  /** For two layouts that {@link #are} such. */
  static RowBlocks of(memory.desc blocked, memory.desc plain) {
    long[] dimensions = OneDnn.dimensions(blocked);
    long rows = together(blocked);
    long count = dimensions[0] / rows;
    long[] first = new long[dimensions.length];
    dimensions[0] = rows;
    return new RowBlocks(
        blocked.submemory_desc(dimensions, first), OneDnn.plainLayout(dimensions), count);
  }

  /**
   * Adds the step that brings values into the plain layout.
   *
   * @param values in the blocked one before
   */
  void addReorder(Plan plan, Tensor values) {
    Tensor room = plan.allocate(plainly);
    primitive step =
        new reorder(new reorder.primitive_desc(OneDnn.cpu(), some, OneDnn.cpu(), plainly));
    memory from = new memory(some, OneDnn.cpu(), (Pointer) null);
    IntMemoryMap handles = new IntMemoryMap();
    handles.put(dnnl.DNNL_ARG_FROM, from);
    handles.put(dnnl.DNNL_ARG_TO, room.handle());
    long bytes = plainly.get_size();
    plan.add(
        () -> {
          BytePointer all = new BytePointer(values.place());
          Pointer ordered = room.place();
          for (long block = 0; block < count; block++) {
            Pointer rows = all.getPointer(block * bytes);
            from.set_data_handle(rows);
            plan.execute(step, handles);
            Pointer.memcpy(rows, ordered, bytes);
          }
        },
        values,
        room);
  }
}
