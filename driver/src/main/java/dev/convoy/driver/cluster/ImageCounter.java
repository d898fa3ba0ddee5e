package dev.convoy.driver.cluster;

import dev.convoy.data.Picture;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * How many images the tasks of one job have got through in one phase, as executors tell with their
 * heartbeats. Registered as a listener on the driver; the counter travels in the tasks.
 */
final class ImageCounter extends SparkListener {
  private final LongAccumulator counter;
  private final Map<Long, Long> readByTask = new ConcurrentHashMap<>();

  ImageCounter(LongAccumulator counter) {
    this.counter = counter;
  }

  /** Counts while work is done that hands its counter to tasks. */
  static <T> T counting(SparkContext spark, String phase, Function<ImageCounter, T> work) {
    ImageCounter images = new ImageCounter(spark.longAccumulator("images " + phase));
    spark.addSparkListener(images);
    try {
      return work.apply(images);
    } finally {
      spark.removeSparkListener(images);
    }
  }

  LongAccumulator counter() {
    return counter;
  }

  /** Of all tasks that run or have succeeded. */
  long count() {
    return readByTask.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task :
        JavaConverters.seqAsJavaList(update.accumUpdates())) {
      note((Long) task._1(), JavaConverters.seqAsJavaList(task._4()));
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskInfo().successful()) {
      note(end.taskInfo().taskId(), JavaConverters.seqAsJavaList(end.taskInfo().accumulables()));
    } else {
      readByTask.remove(end.taskInfo().taskId());
    }
  }

  private void note(long task, Iterable<AccumulableInfo> values) {
    for (AccumulableInfo value : values) {
      if (value.id() == counter.id() && value.update().isDefined()) {
        readByTask.put(task, ((Number) value.update().get()).longValue());
      }
    }
  }

  /** A source that counts what it reads. On executors. */
  static ImageSource counted(ImageSource source, LongAccumulator counter) {
    return new ImageSource() {
      @Override
      public ListedImages list() throws IOException {
        return source.list();
      }

      @Override
      public void read(Listing part, ExampleSink sink) throws IOException {
        source.read(
            part,
            new ExampleSink() {
              @Override
              public void accept(int position, Picture picture) {
                sink.accept(position, picture);
                counter.add(1L);
              }

              @Override
              public void accept(int position, Picture picture, byte[] file) {
                sink.accept(position, picture, file);
                counter.add(1L);
              }

              @Override
              public void reject(int position, String reason) {
                sink.reject(position, reason);
                counter.add(1L);
              }
            });
      }
    };
  }
}
