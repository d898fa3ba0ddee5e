package dev.convoy.benchmark.peer;

import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/** Plain Deeplearning4j: one network, its own {@code fit}, two threads. */
public final class StockPeer implements Replica {
  private static final int THREADS = 2;

  private final Task task;
  private final RandomImages images;
  private final List<DataSet> batches = new ArrayList<>();
  private final ComputationGraph network;

  private StockPeer(Task task) {
    this.task = task;
    Networks.useThreads(THREADS);
    images = new RandomImages(task);
    for (int i = 0; i < RandomImages.batches(); i++) {
      batches.add(Networks.dataSet(task, images.images(i), images.labels(i)));
    }
    network = Networks.stock(task.workload());
  }

  /** Takes the arguments of every peer. */
  public static void main(String[] words) throws Exception {
    PeerArguments arguments = PeerArguments.parse(words);
    PeerLoop.serve(
        1,
        () -> new StockPeer(arguments.task()),
        arguments.warmUpSeconds(),
        () -> "Deeplearning4j " + Jars.version(ComputationGraph.class));
    System.exit(0);
  }

  @Override
  public long parameters() {
    return Networks.learned(network);
  }

  @Override
  public long imageBytes() {
    return images.bytes();
  }

  @Override
  public int step() {
    DataSet batch = batches.get(images.advance());
    if (task.mode() == Mode.TRAINING) {
      network.fit(batch);
    } else {
      network.outputSingle(batch.getFeatures());
    }
    return task.batch();
  }
}
