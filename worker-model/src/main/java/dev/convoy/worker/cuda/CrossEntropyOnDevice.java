package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.Head;
import dev.convoy.worker.loss.CrossEntropy;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Cross-entropy by kernels: nothing waits for the host.
 *
 * @param input targets and weights of the images
 * @param total a double that the sum of the images' losses is added to
 */
record CrossEntropyOnDevice(BatchInput input, Address total) implements HeadLoss {
  @Override
  public DeviceTensor add(CudaPlan plan, Head head, DeviceTensor logits) {
    DeviceTensor gradient = DeviceTensor.of(logits.images(), logits.shape(), logits.type());
    DeviceTensor losses = plan.floats(2L * logits.images()); // doubles
    plan.launch(
        "cross_entropy",
        Grid.ofBlocks(logits.images()),
        logits,
        input.hasDistributions(),
        input.labels(),
        input.distributions(),
        input.weights(),
        classWeights(plan, ((CrossEntropy) head.loss()).weights().values()),
        gradient,
        losses,
        logits.channels(),
        (float) head.weight());
    plan.launch("add_losses", Grid.ofBlocks(1), losses, logits.images(), total);
    return gradient;
  }

  private static Address classWeights(CudaPlan plan, List<Double> weights) {
    if (weights.isEmpty()) {
      return Address.NONE;
    }
    Device device = plan.device();
    DeviceMemory memory = plan.own(new DeviceMemory(device, (long) weights.size() * Float.BYTES));
    memory.allocate();
    try (HostBlock block = device.hostBlock(memory.bytes())) {
      FloatBuffer values = block.bytes().asFloatBuffer();
      weights.forEach(weight -> values.put(weight.floatValue()));
      device.upload(block, 0, memory.address(), memory.bytes());
      device.synchronize();
    }
    return memory::address;
  }
}
