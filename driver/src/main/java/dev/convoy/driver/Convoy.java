package dev.convoy.driver;

import dev.convoy.driver.cluster.YarnDriver;
import dev.convoy.driver.command.CommandLineInterface;
import org.apache.spark.SparkUserAppException;

/** The application's entry, for {@code java} and {@code spark-submit} alike. */
public final class Convoy {
  private Convoy() {}

  /**
   * Runs one command and ends the process with its exit code, or has its manager end it so.
   *
   * @throws SparkUserAppException with the exit code, where Spark ends the process
   */
  public static void main(String[] arguments) throws SparkUserAppException {
    int exitCode = CommandLineInterface.run(arguments);
    if (YarnDriver.isHere()) {
      YarnDriver.end(exitCode);
    } else {
      System.exit(exitCode);
    }
  }
}
