package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.graph.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * What a batch brings to the device, in one copy: keys of masks, labels, weights and images, and in
 * another one distributions where there are such. The host fills one of two blocks while the device
 * may still read the other.
 */
final class BatchInput implements AutoCloseable {
  private static final int VALUES_OF_PIXEL = 256;

  private final Device device;
  private final Shape shape;
  private final int batchSize;
  private final int classes;
  private final int keyCount;
  private final boolean inBytes;
  private final long labelsAt;
  private final long weightsAt;
  private final long imagesAt;
  private final long distributionsAt;
  private final long bytes;
  private final DeviceTensor batch;
  private final DeviceMemory tables;
  private final HostBlock[] blocks = new HostBlock[2];
  private final Mark[] copied = new Mark[2];
  private Normalization normalization;
  private int next;

  /**
   * Takes the memory for batches of a size.
   *
   * @param shape of the images
   * @param keyCount keys of masks
   * @param inBytes whether images come as bytes; else they are normalised already
   */
  BatchInput(
      Device device, Shape shape, int batchSize, int classes, int keyCount, boolean inBytes) {
    this.device = device;
    this.shape = shape;
    this.batchSize = batchSize;
    this.classes = classes;
    this.keyCount = keyCount;
    this.inBytes = inBytes;
    long keysEnd = DeviceMemory.aligned((1L + keyCount) * Long.BYTES);
    labelsAt = keysEnd;
    weightsAt = labelsAt + DeviceMemory.aligned((long) batchSize * Integer.BYTES);
    imagesAt = weightsAt + DeviceMemory.aligned((long) batchSize * Float.BYTES);
    long pixels = batchSize * shape.values();
    distributionsAt = imagesAt + DeviceMemory.aligned(pixels * (inBytes ? 1 : Float.BYTES));
    bytes = distributionsAt + DeviceMemory.aligned((long) batchSize * classes * Float.BYTES);
    batch = DeviceTensor.ofBytes(bytes);
    tables = new DeviceMemory(device, shape.channels() * VALUES_OF_PIXEL * Float.BYTES);
  }

  /** Takes the memory of what stays from batch to batch, and the host's. */
  void allocate() {
    tables.allocate();
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = device.hostBlock(bytes);
      copied[i] = device.mark();
    }
  }

  /** Bytes of the device's memory beside those of the plan. */
  long bytes() {
    return tables.bytes();
  }

  /** Whether targets are distributions: an int, 0 or 1. */
  Address hasDistributions() {
    return at(0);
  }

  Address keys() {
    return at(Long.BYTES);
  }

  Address labels() {
    return at(labelsAt);
  }

  Address weights() {
    return at(weightsAt);
  }

  Address distributions() {
    return at(distributionsAt);
  }

  private Address at(long offset) {
    return () -> batch.get() + offset;
  }

  /** Adds the step that makes a tensor of the images; the batch is in the plan's memory. */
  void addUnpacking(CudaPlan plan, DeviceTensor images) {
    plan.keep(batch);
    int channels = images.channels();
    if (inBytes) {
      plan.launch(
          "pixels",
          images.type(),
          Grid.of(images.size()),
          at(imagesAt),
          (Address) tables::address,
          images,
          images.size(),
          channels,
          images.plane());
    } else {
      plan.launch(
          "images",
          images.type(),
          Grid.of(images.size()),
          at(imagesAt),
          images,
          images.size(),
          channels,
          images.plane());
    }
  }

  /** Queues the copy of a batch that the network only answers. */
  void load(Images images, int from, int to, long[] keys) {
    load(images, from, to, null, 0, keys);
  }

  /**
   * Queues the copy of a batch, or of less than one: what is in the rest is any.
   *
   * @param from the first image
   * @param to the image behind the last one
   * @param targets of the images; null for none
   * @param learned images that have targets; the others count 0
   * @param keys as many as there are
   */
  void load(Images images, int from, int to, Targets targets, int learned, long[] keys) {
    normalize(images);
    HostBlock block = blocks[next];
    copied[next].await();
    boolean hasDistributions = targets != null && !targets.areClasses();
    ByteBuffer header = block.bytes();
    header.putInt(0, hasDistributions ? 1 : 0);
    for (int i = 0; i < keyCount; i++) {
      header.putLong((1 + i) * Long.BYTES, keys[i]);
    }
    if (targets != null) {
      write(targets, learned, block);
    }
    write(images, from, to, block);
    device.upload(block, 0, batch.get(), hasDistributions ? bytes : distributionsAt);
    copied[next].set();
    next = 1 - next;
  }

  private void write(Targets targets, int learned, HostBlock block) {
    ByteBuffer all = block.bytes();
    for (int image = 0; image < batchSize; image++) {
      boolean counts = image < learned;
      all.putFloat((int) weightsAt + image * Float.BYTES, counts ? targets.weight(image) : 0);
      if (targets.areClasses()) {
        all.putInt((int) labelsAt + image * Integer.BYTES, counts ? targets.label(image) : 0);
      } else {
        for (int label = 0; label < classes; label++) {
          all.putFloat(
              (int) distributionsAt + (image * classes + label) * Float.BYTES,
              counts ? targets.probability(image, label) : 0);
        }
      }
    }
  }

  private void write(Images images, int from, int to, HostBlock block) {
    int each = Math.toIntExact(shape.values());
    if (images instanceof Images.Pixels pixels) {
      block
          .bytes(imagesAt, (long) each * (to - from))
          .put(pixels.values(), from * each, (to - from) * each);
    } else {
      long length = (long) each * (to - from) * Float.BYTES;
      images.write(from, to, block.bytes(imagesAt, length).asFloatBuffer());
    }
  }

  /** Replaces the normalised values of pixels, where they are others than before. */
  private void normalize(Images images) {
    if (images instanceof Images.Pixels pixels && !pixels.normalization().equals(normalization)) {
      normalization = pixels.normalization();
      try (HostBlock block = device.hostBlock(tables.bytes())) {
        FloatBuffer values = block.bytes().asFloatBuffer();
        for (float[] table : normalization.tables()) {
          values.put(table);
        }
        device.upload(block, 0, tables.address(), tables.bytes());
        device.synchronize();
      }
    }
  }

  @Override
  public void close() {
    tables.close();
    for (int i = 0; i < blocks.length; i++) {
      if (blocks[i] != null) {
        blocks[i].close();
        copied[i].close();
      }
    }
  }
}
