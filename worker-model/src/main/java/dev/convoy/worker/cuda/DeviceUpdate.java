package dev.convoy.worker.cuda;

import dev.convoy.worker.optimizer.DeviceChange;
import dev.convoy.worker.optimizer.DeviceSteps;
import dev.convoy.worker.optimizer.DeviceSteps.Numbers;
import dev.convoy.worker.schedule.StepRates;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Steps of the optimizer on the device's vectors, which stay there. */
final class DeviceUpdate implements AutoCloseable {
  /** Of a segment's numbers, as kernels read them: eight of four bytes. */
  private static final int BYTES_OF_SEGMENT = 32;

  /** Sums of squares that the norm is made of. */
  private static final int SUMS = 256;

  private final Device device;
  private final NetworkVectors vectors;
  private final DeviceSteps steps;
  private final int length;
  private final DeviceMemory memory;
  private final long[] arrays;
  private final long segmentsAt;
  private final long numbersAt;
  private final long batchAt;
  private final long sumsAt;
  private final long clipAt;
  private final HostBlock[] blocks = new HostBlock[2];
  private final Mark[] copied = new Mark[2];
  private int next;

  /** Takes the memory of the rule's arrays, which are zeros. */
  DeviceUpdate(Device device, NetworkVectors vectors, DeviceSteps steps) {
    this.device = device;
    this.vectors = vectors;
    this.steps = steps;
    length = Math.toIntExact(vectors.layout().length());
    long array = (long) length * Float.BYTES;
    int segments = steps.segments().size();
    segmentsAt = steps.arrays() * array;
    numbersAt =
        DeviceMemory.aligned(segmentsAt + (long) length / ParameterLayout.BLOCK * Integer.BYTES);
    batchAt = numbersAt + (long) segments * BYTES_OF_SEGMENT;
    sumsAt = DeviceMemory.aligned(batchAt + Float.BYTES);
    clipAt = sumsAt + SUMS * Double.BYTES;
    memory = new DeviceMemory(device, clipAt + Float.BYTES);
    memory.allocate();
    arrays = new long[steps.arrays()];
    Arrays.setAll(arrays, i -> memory.address() + i * array);
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = device.hostBlock((long) segments * BYTES_OF_SEGMENT + Float.BYTES);
      copied[i] = device.mark();
    }
    uploadSegments();
  }

  private void uploadSegments() {
    int[] segmentOfBlock = vectors.layout().segmentOfBlock();
    long bytes = (long) segmentOfBlock.length * Integer.BYTES;
    try (HostBlock block = device.hostBlock(bytes)) {
      block.bytes().asIntBuffer().put(segmentOfBlock);
      device.upload(block, 0, memory.address() + segmentsAt, bytes);
      device.synchronize();
    }
  }

  DeviceSteps steps() {
    return steps;
  }

  /** Queues a step with the gradients that are there, which are those of so many images. */
  void queue(int batchSize, StepRates rates) {
    List<Numbers> numbers = steps.begin(rates);
    upload(numbers, batchSize);
    long base = memory.address();
    boolean clips = steps.largestNorm() > 0;
    if (clips) {
      device.launch(
          "gradient_squares",
          Grid.ofBlocks(SUMS),
          vectors.gradients(),
          base + segmentsAt,
          base + numbersAt,
          base + batchAt,
          base + sumsAt,
          length);
      device.launch(
          "clip_norm", Grid.ofBlocks(1), base + sumsAt, SUMS, steps.largestNorm(), base + clipAt);
    }
    DeviceChange change = numbers.get(0).change();
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                vectors.values(),
                vectors.gradients(),
                base + segmentsAt,
                base + numbersAt,
                base + batchAt,
                clips ? base + clipAt : 0L,
                length));
    for (long array : arrays) {
      arguments.add(array);
    }
    arguments.addAll(change.constants());
    device.launch(change.kernel(), Grid.of(length), arguments.toArray());
  }

  private void upload(List<Numbers> numbers, int batchSize) {
    copied[next].await();
    ByteBuffer bytes = blocks[next].bytes();
    for (Numbers segment : numbers) {
      bytes.putInt(KernelCodes.of(segment.role()));
      bytes.putFloat(segment.l1());
      bytes.putFloat(segment.l2());
      bytes.putFloat(segment.decay());
      bytes.putFloat(segment.threshold());
      List<Float> coefficients = segment.change().coefficients();
      for (int i = 0; i < 3; i++) {
        bytes.putFloat(i < coefficients.size() ? coefficients.get(i) : 0);
      }
    }
    bytes.putFloat(batchSize);
    device.upload(blocks[next], 0, memory.address() + numbersAt, bytes.position());
    copied[next].set();
    next = 1 - next;
  }

  /** How many values {@link #state} has for a network of so many parameters. */
  int stateLength(int parameters) {
    return arrays.length * parameters + steps.scalars().length;
  }

  /** The rule's arrays, one after the other in the network's order, and then its numbers. */
  float[] state(int parameters) {
    float[] state = new float[stateLength(parameters)];
    float[] array = new float[parameters];
    for (int i = 0; i < arrays.length; i++) {
      vectors.download(arrays[i], array);
      System.arraycopy(array, 0, state, i * parameters, parameters);
    }
    float[] scalars = steps.scalars();
    System.arraycopy(scalars, 0, state, arrays.length * parameters, scalars.length);
    return state;
  }

  /**
   * Overwrites the rule's state.
   *
   * @param state as {@link #state} returned it; empty for that of a new run
   */
  void setState(float[] state, int parameters) {
    if (state.length != 0 && state.length != stateLength(parameters)) {
      throw new IllegalArgumentException(
          "Cannot set the optimizer's state: expected "
              + stateLength(parameters)
              + " values, found "
              + state.length);
    }
    if (state.length == 0) {
      if (arrays.length > 0) {
        device.clear(memory.address(), segmentsAt);
      }
      steps.setScalars(new float[steps.scalars().length]);
      return;
    }
    for (int i = 0; i < arrays.length; i++) {
      vectors.upload(Arrays.copyOfRange(state, i * parameters, (i + 1) * parameters), arrays[i]);
    }
    steps.setScalars(Arrays.copyOfRange(state, arrays.length * parameters, state.length));
  }

  @Override
  public void close() {
    device.settle();
    memory.close();
    for (int i = 0; i < blocks.length; i++) {
      blocks[i].close();
      copied[i].close();
    }
  }
}
