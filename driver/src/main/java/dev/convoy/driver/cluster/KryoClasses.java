package dev.convoy.driver.cluster;

import com.esotericsoftware.kryo.Kryo;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.averaging.TaskCost;
import dev.convoy.worker.training.EvaluationSums;
import dev.convoy.worker.training.InitializedParameters;
import dev.convoy.worker.training.TrainedShard;
import org.apache.spark.serializer.KryoRegistrator;

/** Everything that may cross the wire; Spark refuses the rest. */
public final class KryoClasses implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    for (Class<?> type :
        new Class<?>[] {
          byte[][].class,
          double[].class,
          int[].class,
          long[].class,
          String[].class,
          Listing.class,
          Listing[].class,
          Selection.class,
          ShardStatistics.class,
          TrainedShard.class,
          EvaluationSums.class,
          InitializedParameters.class,
          PredictedBlock.class,
          PreparedPart.class,
          ReducedSlice.class,
          StepReport.class,
          TaskCost.class,
          WorkerReport.class
        }) {
      kryo.register(type);
    }
    kryo.register(float[].class, new FloatsSerializer());
  }
}
