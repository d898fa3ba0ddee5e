package dev.convoy.driver.cluster;

import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.driver.configuration.RunConfiguration;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** How images are reached, the same on the driver and on executors. */
public final class ImageLocations {
  private ImageLocations() {}

  /** The source of the images of one role. */
  public static SourceSettings settings(RunConfiguration.Data data, Role role, String location) {
    return new SourceSettings(
        data.format(),
        location,
        role,
        data.store(),
        data.quality().limits(),
        data.columns(),
        data.synthetic());
  }

  /** Hadoop's configuration as it will be in an application with these settings of Spark. */
  public static Configuration hadoop(Map<String, String> sparkSettings) {
    SparkConf conf = new SparkConf();
    sparkSettings.forEach(conf::set);
    return UserMask.heededBy(SparkHadoopUtil.get().newConfiguration(conf));
  }

  /** Hadoop's configuration with the application's {@code spark.hadoop.*} settings. */
  public static Configuration hadoop() {
    return UserMask.heededBy(SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf()));
  }
}
