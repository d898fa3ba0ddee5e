package dev.convoy.driver.stock;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.schedule.LearningRate;
import dev.convoy.worker.schedule.Schedules;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A run's learning rate from one of its steps on, as Deeplearning4j asks for it: by iterations,
 * which its training master counts from 0 in each averaging. Immutable.
 *
 * @param rate that the schedule scales, above 0
 * @param schedule a member of {@link Schedules#FAMILY}
 * @param firstStep of the run, where iterations are counted from
 * @param stepsPerEpoch at least 1
 * @param epochs in the run when nothing stops it, at least 1
 */
@DefaultSerializer(JavaSerializer.class) // Kryo 4 cannot read records back
public record StockRate(
    double rate, ComponentSettings schedule, long firstStep, long stepsPerEpoch, int epochs)
    implements ISchedule {
  @Override
  public double valueAt(int iteration, int epoch) {
    return new LearningRate(rate, Schedules.FAMILY.create(schedule), stepsPerEpoch, epochs)
        .at(firstStep + iteration);
  }

  @Override
  public StockRate clone() {
    return this;
  }
}
