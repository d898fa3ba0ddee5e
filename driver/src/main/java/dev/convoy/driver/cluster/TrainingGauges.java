package dev.convoy.driver.cluster;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * How training goes on, as gauges of the driver in Spark's metrics system, which brings them to any
 * sink that it is told of. Of several runs at once the gauges are those of the latest round of any;
 * rounds and images are counted over all. Driver only.
 */
public final class TrainingGauges implements SparkPlugin {
  private static final AtomicReference<Round> LATEST = new AtomicReference<>(new Round(0, 0, 0, 0));
  private static final LongAdder ROUNDS = new LongAdder();
  private static final LongAdder IMAGES = new LongAdder();

  private static final Map<String, ToDoubleFunction<Round>> OF_A_ROUND =
      Map.of(
          "round.images-per-second", Round::imagesPerSecond,
          "round.seconds", Round::seconds,
          "round.loss", Round::loss,
          "round.waiting-share", Round::waitingShare);

  private static final Map<String, LongAdder> COUNTED = Map.of("rounds", ROUNDS, "images", IMAGES);

  /**
   * What a round came to.
   *
   * @param images that were trained on
   * @param seconds from its beginning to the averaged parameters
   * @param loss mean over its images, in nats
   * @param waitingShare of the time of workers in which they waited for images, in [0, 1]
   */
  public record Round(long images, double seconds, double loss, double waitingShare) {
    double imagesPerSecond() {
      return seconds > 0 ? images / seconds : 0;
    }
  }

  /** Takes in a round that has ended. */
  public static void add(Round round) {
    LATEST.set(round);
    ROUNDS.increment();
    IMAGES.add(round.images());
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        return Map.of();
      }

      @Override
      public void registerMetrics(String application, PluginContext plugin) {
        MetricRegistry registry = plugin.metricRegistry();
        OF_A_ROUND.forEach(
            (name, of) -> register(registry, name, () -> of.applyAsDouble(LATEST.get())));
        COUNTED.forEach((name, count) -> register(registry, name, count::sum));
      }
    };
  }

  private static <T> void register(MetricRegistry registry, String name, Supplier<T> value) {
    Gauge<T> gauge = value::get;
    registry.register(name, gauge);
  }

  /** Executors have none. */
  @Override
  public ExecutorPlugin executorPlugin() {
    return null;
  }
}
