package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.GrowingConcatenationNode;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;

/**
 * More channels behind those of the concatenation before, in the same memory: its result is the
 * first part of this one, and so is its gradient.
 *
 * <p>The images of the batch lie below each other, as one tall image: then the first channels of
 * all images lie together, and so primitives take them, which refuse channels between others.
 */
final class GrowingConcatenationStage implements Stage<Plan, Tensor> {
  private final GrowingConcatenationNode node;
  private final List<Tensor> inputs;
  private final long block;
  private final Tensor output;

  GrowingConcatenationStage(GrowingConcatenationNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    this.inputs = inputs;
    this.block = OneDnn.preferredBlock();
    long channels = inputs.stream().mapToLong(input -> input.dimension(1)).sum();
    Tensor whole =
        node.isFirst()
            ? plan.allocate(plan.values(layout(node.room())))
            : plan.seenAs(plan.values(layout(node.room())), inputs.get(0));
    output = plan.seenAs(plan.values(layout(channels)), whole);
    long channel = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      if (i > 0 || node.isFirst()) {
        write(plan, input, channel);
      }
      channel += input.dimension(1);
    }
  }

  /** The batch as one image, with so many channels. */
  private memory.desc layout(long channels) {
    Tensor first = inputs.get(0);
    long rows = first.dimension(0) * first.dimension(2);
    return OneDnn.blockedLayout(block, 1, channels, rows, first.dimension(3));
  }

  /**
   * Neighbouring channels that lie in the same block.
   *
   * @param first of them, among all channels of the result
   */
  private record Piece(long first, long count) {
    /** Cuts channels where blocks end; whole blocks stay together. */
    static List<Piece> of(long first, long count, long block) {
      List<Piece> pieces = new ArrayList<>();
      for (long channel = first; channel < first + count; ) {
        long left = first + count - channel;
        long wholeBlocks = left / block * block;
        long size =
            channel % block == 0 && wholeBlocks > 0
                ? wholeBlocks
                : Math.min(left, block - channel % block);
        pieces.add(new Piece(channel, size));
        channel += size;
      }
      return pieces;
    }
  }

  /** Copies an argument to its place. */
  private void write(Plan plan, Tensor input, long channel) {
    List<Piece> pieces = Piece.of(channel, input.dimension(1), block);
    Tensor joint = pieces.size() == 1 ? input : plan.inLayout(input, channelsLast(plan, input));
    for (Piece piece : pieces) {
      if (piece.first() % block == 0 && piece.count() < block) {
        clearBlock(plan, piece.first());
      }
      plan.copy(part(plan, joint, piece, channel), place(plan, output, piece));
    }
  }

  /**
   * Primitives compute with the whole last block, though not to any effect. What was left there
   * could be no numbers.
   */
  private void clearBlock(Plan plan, long channel) {
    long values = pixels() * block;
    plan.clear(plan.partOf(plan.values(OneDnn.plainLayout(values)), output, channel * pixels()));
  }

  private long pixels() {
    return output.dimension(2) * output.dimension(3);
  }

  private static memory.desc channelsLast(Plan plan, Tensor images) {
    return plan.values(OneDnn.channelsLastLayout(plan.batchDimensions(images)));
  }

  /** A piece in the images that it comes from. */
  private static Tensor part(Plan plan, Tensor images, Piece piece, long channel) {
    if (piece.count() == images.dimension(1)) {
      return images;
    }
    long[] dimensions = images.dimensions();
    dimensions[1] = piece.count();
    return plan.seenAs(
        images.layout().submemory_desc(dimensions, new long[] {0, piece.first() - channel, 0, 0}),
        images);
  }

  /** A piece in the result, or in its gradient. */
  private Tensor place(Plan plan, Tensor whole, Piece piece) {
    long images = plan.batchSize();
    long height = whole.dimension(2) / images;
    long width = whole.dimension(3);
    long[] dimensions = {images, piece.count(), height, width};
    memory.desc layout =
        piece.count() % block == 0
            ? OneDnn.separated(
                OneDnn.blockedLayout(block, 1, piece.count(), whole.dimension(2), width), images)
            : OneDnn.stridedLayout(
                dimensions, new long[] {height * width * block, 1, width * block, block});
    long start = piece.first() / block * block;
    return plan.partOf(plan.values(layout), whole, start * pixels() + piece.first() % block);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    Tensor whole = plan.inLayout(gradient, output.layout());
    long channel = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      String source = node.inputs().get(i);
      if (gradients.areWanted(source)) {
        gradients.add(
            source,
            i > 0 || node.isFirst()
                ? read(plan, whole, input, channel)
                : plan.seenAs(input.layout(), whole));
      }
      channel += input.dimension(1);
    }
  }

  /** Copies the gradient of an argument from its place. */
  private Tensor read(Plan plan, Tensor whole, Tensor input, long channel) {
    List<Piece> pieces = Piece.of(channel, input.dimension(1), block);
    if (pieces.size() == 1) {
      return plan.inLayout(place(plan, whole, pieces.get(0)), input.layout());
    }
    Tensor joint = plan.allocate(channelsLast(plan, input));
    for (Piece piece : pieces) {
      plan.copy(place(plan, whole, piece), part(plan, joint, piece, channel));
    }
    return plan.inLayout(joint, input.layout());
  }
}
