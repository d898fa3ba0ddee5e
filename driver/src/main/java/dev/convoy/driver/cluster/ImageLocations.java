package dev.convoy.driver.cluster;

import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.driver.configuration.RunConfiguration;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** How images are reached, the same on the driver and on executors. */
public final class ImageLocations {
  private ImageLocations() {}

  /** The source of the images of one role. */
  public static SourceSettings settings(RunConfiguration.Data data, Role role, String location) {
    return new SourceSettings(
        data.format(), location, role, data.shape(), data.quality().limits(), data.synthetic());
  }

  /** Hadoop's configuration with the application's {@code spark.hadoop.*} settings. */
  public static Configuration hadoop() {
    return SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
  }
}
