package dev.convoy.benchmark.peer;

import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Deeplearning4j's own parameter averaging on Spark: {@code local[2]}, two workers, averaging every
 * ten batches. A step is one {@code fit}.
 */
public final class StockAveragingPeer implements Replica {
  private static final int WORKERS = 2;
  private static final int AVERAGING_FREQUENCY = 10;

  private final SparkComputationGraph network;
  private final JavaRDD<DataSet> images;
  private final int imageCount;

  private StockAveragingPeer(Task task, JavaSparkContext spark) {
    Networks.useThreads(1);
    int batches = WORKERS * batchesPerWorker(task.workload());
    RandomImages random = new RandomImages(task);
    List<DataSet> dataSets = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      int batch = random.advance();
      dataSets.add(Networks.dataSet(task, random.images(batch), random.labels(batch)));
    }
    imageCount = batches * task.batch();
    images = spark.parallelize(dataSets, WORKERS).cache();
    network =
        new SparkComputationGraph(
            spark,
            Networks.stock(task.workload()),
            new ParameterAveragingTrainingMaster.Builder(WORKERS, task.batch())
                .batchSizePerWorker(task.batch())
                .averagingFrequency(AVERAGING_FREQUENCY)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .build());
  }

  /** So many that averaging happens once, but that a fit ends within half a minute. */
  private static int batchesPerWorker(Workload workload) {
    return workload == Workload.LENET_5 ? AVERAGING_FREQUENCY : 2;
  }

  /** Takes the arguments of every peer. */
  public static void main(String[] words) throws Exception {
    PeerArguments arguments = PeerArguments.parse(words);
    SparkConf configuration =
        new SparkConf()
            .setMaster("local[" + WORKERS + "]")
            .setAppName("stock parameter averaging")
            .set("spark.ui.enabled", "false")
            .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .set("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
    try (JavaSparkContext spark = new JavaSparkContext(configuration)) {
      PeerLoop.serve(
          1,
          () -> new StockAveragingPeer(arguments.task(), spark),
          arguments.warmUpSeconds(),
          () ->
              "dl4j-spark %s on Spark %s"
                  .formatted(Jars.version(SparkComputationGraph.class), spark.version()));
    }
    System.exit(0);
  }

  @Override
  public long parameters() {
    return Networks.learned(network.getNetwork());
  }

  @Override
  public int step() {
    network.fit(images);
    return imageCount;
  }
}
