package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * How many tasks an executor has room for at once, by Spark's settings. Driver only.
 *
 * @param cores of an executor
 * @param cpus of a task
 * @param gpus of an executor; 0 if Spark has not been told of any
 * @param gpusOfTask of a task, a share or a whole one
 */
record TaskSlots(int cores, int cpus, int gpus, double gpusOfTask) {
  static final String GPUS_OF_EXECUTOR = "spark.executor.resource.gpu.amount";
  static final String GPUS_OF_TASK = "spark.task.resource.gpu.amount";

  /** As the settings have it. */
  static TaskSlots of(SparkConf conf) {
    return new TaskSlots(
        conf.getInt("spark.executor.cores", 1),
        conf.getInt("spark.task.cpus", 1),
        conf.getInt(GPUS_OF_EXECUTOR, 0),
        conf.getDouble(GPUS_OF_TASK, 1));
  }

  /** At least 1. A share of a GPU is as many tasks as fit into one whole. */
  int atOnce() {
    return Math.max(1, gpus == 0 ? byCores() : Math.min(byCores(), byGpus()));
  }

  private int byCores() {
    return cores / cpus;
  }

  private int byGpus() {
    return gpus * Math.max(1, (int) Math.floor(1 / gpusOfTask));
  }

  /** A note for whoever asks for GPUs that nobody can compute on. */
  Optional<String> note() {
    return byCores() >= byGpus()
        ? Optional.empty()
        : Optional.of(
            Text.of(
                "note: an executor has GPUs for %d workers, and cores for %d: set"
                    + " spark.executor.cores to %d or more",
                byGpus(), byCores(), byGpus() * cpus));
  }
}
