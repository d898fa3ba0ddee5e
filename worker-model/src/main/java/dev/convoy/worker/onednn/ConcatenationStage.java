package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ConcatenationNode;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;

/**
 * The channels of several images, one image's after the other's, or several rows. Every argument is
 * copied into its part of the result: asked for a result between the channels of others, oneDNN 2.5
 * has nothing but its reference code for convolutions, normalisations, functions and poolings, in
 * every layout.
 */
final class ConcatenationStage implements Stage<Plan, Tensor> {
  private final ConcatenationNode node;
  private final List<Tensor> inputs;
  private final Tensor output;
  private final List<memory.desc> parts;

  ConcatenationStage(ConcatenationNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    this.inputs = inputs;
    long[] result = inputs.get(0).dimensions();
    result[1] = inputs.stream().mapToLong(input -> input.dimension(1)).sum();
    output = plan.allocate(plan.values(layout(result)));
    parts = parts(output.layout());
    for (int i = 0; i < parts.size(); i++) {
      plan.copy(inputs.get(i), plan.seenAs(parts.get(i), output));
    }
  }

  /** The first argument's layout if all parts begin where its blocks do, else channels last. */
  private memory.desc layout(long[] result) {
    if (result.length == 2) {
      return OneDnn.plainLayout(result);
    }
    memory.desc first = inputs.get(0).layout();
    long block = OneDnn.channelBlock(first);
    boolean fits = block > 1 && inputs.stream().allMatch(input -> input.dimension(1) % block == 0);
    return fits ? OneDnn.blockedLayout(block, result) : OneDnn.channelsLastLayout(result);
  }

  private List<memory.desc> parts(memory.desc whole) {
    List<memory.desc> all = new ArrayList<>();
    long channel = 0;
    for (Tensor input : inputs) {
      long[] offsets = new long[input.dimensions().length];
      offsets[1] = channel;
      all.add(whole.submemory_desc(input.dimensions(), offsets));
      channel += input.dimension(1);
    }
    return all;
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    Tensor whole = plan.inLayout(gradient, output.layout());
    for (int i = 0; i < parts.size(); i++) {
      String source = node.inputs().get(i);
      if (gradients.areWanted(source)) {
        Tensor part = plan.allocate(inputs.get(i).layout());
        plan.copy(plan.seenAs(parts.get(i), whole), part);
        gradients.add(source, part);
      }
    }
  }
}
