package dev.convoy.driver.cluster;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkUserAppException;

/**
 * A driver in YARN's application master ({@code --deploy-mode cluster}). There the process is
 * Spark's: a driver that ends it by itself counts as failed, and so does one that never asked for
 * executors. Driver only.
 */
public final class YarnDriver {
  private YarnDriver() {}

  /** Whether this process is one. */
  public static boolean isHere() {
    return System.getProperty("spark.master", "").startsWith("yarn")
        && System.getProperty("spark.submit.deployMode", "").equals("cluster");
  }

  /**
   * Ends the driver as YARN is to see it: returns after success, for Spark to end the process.
   *
   * @param exitCode of the command
   * @throws SparkUserAppException with any other exit code, which YARN's report of the application
   *     then names
   */
  public static void end(int exitCode) throws SparkUserAppException {
    if (exitCode != 0) {
      throw new SparkUserAppException(exitCode);
    }
    if (!SparkCluster.hasStarted()) {
      // A command that had nothing to compute, such as for a run that has ended before.
      SparkConf conf = new SparkConf().set(SparkSettings.INSTANCES, "0");
      SparkContext.getOrCreate(conf.set("spark.ui.enabled", "false")).stop();
    }
  }
}
