package dev.convoy.benchmark.peer;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import java.util.List;

/**
 * DJL with its PyTorch engine: one network, two threads. Its momentum is plain, not Nesterov's, for
 * it has no other. Shares no class path with what uses ND4J.
 */
public final class DjlPeer implements Replica {
  private static final Shape TWO = new Shape(2, 2);
  private static final float LEARNING_RATE = 0.01f;
  private static final float MOMENTUM = 0.9f;
  private static final float L2 = 5e-4f;
  private static final float EPSILON = 1e-5f;

  private final Task task;
  private final RandomImages images;
  private final Shape shape;
  private final Model model;
  private final Trainer trainer;

  private DjlPeer(Task task) {
    this.task = task;
    this.images = new RandomImages(task);
    Workload workload = task.workload();
    this.shape = new Shape(task.batch(), workload.channels(), workload.side(), workload.side());
    this.model = Model.newInstance(workload.toString(), Device.cpu());
    model.setBlock(network(workload));
    this.trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(
                    Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(LEARNING_RATE))
                        .optMomentum(MOMENTUM)
                        .optWeightDecays(L2)
                        .build()));
    trainer.initialize(shape);
  }

  /** Takes the arguments of every peer. */
  public static void main(String[] words) throws Exception {
    PeerArguments arguments = PeerArguments.parse(words);
    PeerLoop.serve(
        1,
        () -> new DjlPeer(arguments.task()),
        arguments.warmUpSeconds(),
        () ->
            "DJL %s, PyTorch %s"
                .formatted(Jars.version(Model.class), Engine.getInstance().getVersion()));
    System.exit(0);
  }

  private static Block network(Workload workload) {
    return switch (workload) {
      case LENET_5 -> leNet();
      case RESNET_20 -> residualNetwork();
      case VGG_11 -> vgg();
      default -> throw new IllegalArgumentException("DJL has no " + workload);
    };
  }

  private static Block leNet() {
    return new SequentialBlock()
        .add(filters(20, 2))
        .add(Activation.reluBlock())
        .add(Pool.maxPool2dBlock(TWO, TWO))
        .add(filters(50, 0))
        .add(Activation.reluBlock())
        .add(Pool.maxPool2dBlock(TWO, TWO))
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(500).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(Workload.CLASSES).build());
  }

  private static Block filters(int count, int padding) {
    return Conv2d.builder()
        .setKernelShape(new Shape(5, 5))
        .setFilters(count)
        .optPadding(new Shape(padding, padding))
        .build();
  }

  private static Block residualNetwork() {
    SequentialBlock network =
        new SequentialBlock().add(normalised(16, 3, 1)).add(Activation.reluBlock());
    for (int stage = 0; stage < 3; stage++) {
      for (int block = 0; block < 3; block++) {
        network.add(residualBlock(16 << stage, stage > 0 && block == 0));
      }
    }
    return network
        .add(Pool.globalAvgPool2dBlock())
        .add(Linear.builder().setUnits(Workload.CLASSES).build());
  }

  private static Block residualBlock(int width, boolean reshapes) {
    Block branch =
        new SequentialBlock()
            .add(normalised(width, 3, reshapes ? 2 : 1))
            .add(Activation.reluBlock())
            .add(normalised(width, 3, 1));
    Block shortcut = reshapes ? normalised(width, 1, 2) : Blocks.identityBlock();
    return new ParallelBlock(
        outputs ->
            new NDList(
                Activation.relu(
                    outputs.get(0).singletonOrThrow().add(outputs.get(1).singletonOrThrow()))),
        List.of(branch, shortcut));
  }

  private static Block vgg() {
    SequentialBlock network = new SequentialBlock();
    for (int[] stage : new int[][] {{32}, {64}, {128, 128}, {256, 256}, {256, 256}}) {
      for (int width : stage) {
        network.add(normalised(width, 3, 1)).add(Activation.reluBlock());
      }
      network.add(Pool.maxPool2dBlock(TWO, TWO));
    }
    return network
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(Workload.CLASSES).build());
  }

  private static Block normalised(int channels, int kernel, int stride) {
    return new SequentialBlock()
        .add(
            Conv2d.builder()
                .setKernelShape(new Shape(kernel, kernel))
                .setFilters(channels)
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optStride(new Shape(stride, stride))
                .optBias(false)
                .build())
        .add(BatchNorm.builder().optEpsilon(EPSILON).build());
  }

  @Override
  public long parameters() {
    return model.getBlock().getParameters().values().stream()
        .filter(parameter -> parameter.requiresGradient())
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }

  @Override
  public long imageBytes() {
    return images.bytes();
  }

  @Override
  public int step() {
    int batch = images.advance();
    try (NDManager arrays = trainer.getManager().newSubManager()) {
      NDList input = new NDList(arrays.create(images.images(batch), shape));
      if (task.mode() == Mode.INFERENCE) {
        trainer.evaluate(input).singletonOrThrow().softmax(1).toFloatArray();
        return task.batch();
      }
      NDList labels = new NDList(arrays.create(images.labels(batch)));
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDArray loss = trainer.getLoss().evaluate(labels, trainer.forward(input));
        gradients.backward(loss);
      }
      trainer.step();
    }
    return task.batch();
  }
}
