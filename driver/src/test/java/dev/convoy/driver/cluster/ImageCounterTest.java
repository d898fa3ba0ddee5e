package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.util.AccumulatorMetadata;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Some;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.immutable.Map$;

class ImageCounterTest {
  private static final long COUNTER = 7;
  private static final long OTHER = 8;

  private ImageCounter read;

  @BeforeEach
  void nothingIsCounted() {
    LongAccumulator counter = new LongAccumulator();
    counter.metadata_$eq(new AccumulatorMetadata(COUNTER, Option.empty(), false));
    read = new ImageCounter(counter);
    assertThat(read.count()).isZero();
  }

  @Test
  void heartbeatsOfRunningTasksAddUpAndTheLatestCounts() {
    heartbeat(1, COUNTER, 100);
    heartbeat(2, COUNTER, 50);
    heartbeat(2, OTHER, 1_000_000);
    assertThat(read.count()).isEqualTo(150);
    heartbeat(1, COUNTER, 120);
    assertThat(read.count()).isEqualTo(170);
  }

  @Test
  void aTaskThatSucceedsCountsInFullAndOneThatFailsNotAtAll() {
    heartbeat(1, COUNTER, 100);
    heartbeat(2, COUNTER, 50);
    end(1, false, 110);
    assertThat(read.count()).isEqualTo(160);
    end(2, true, 60);
    assertThat(read.count()).isEqualTo(110);
    end(3, false, 60);
    assertThat(read.count()).isEqualTo(170);
  }

  @Test
  void aCountedSourceHandsOnFilesAsTheyAre() throws IOException {
    LongAccumulator counter = new LongAccumulator();
    Picture picture = new Picture(new ImageShape(1, 1, 1), new byte[1]);
    byte[] file = {1, 2, 3};
    List<String> received = new ArrayList<>();
    ImageCounter.counted(
            new ImageSource() {
              @Override
              public ListedImages list() {
                throw new UnsupportedOperationException();
              }

              @Override
              public void read(Listing part, ExampleSink sink) {
                sink.accept(0, picture);
                sink.accept(1, picture, file);
                sink.reject(2, "broken");
              }
            },
            counter)
        .read(
            Listing.ofFiles(new String[0], new int[0]),
            new ExampleSink() {
              @Override
              public void accept(int position, Picture found) {
                received.add(position + " decoded");
              }

              @Override
              public void accept(int position, Picture found, byte[] whole) {
                received.add(position + " of " + whole.length + " bytes");
              }

              @Override
              public void reject(int position, String reason) {
                received.add(position + " " + reason);
              }
            });
    assertThat(received).containsExactly("0 decoded", "1 of 3 bytes", "2 broken");
    assertThat(counter.value()).isEqualTo(3);
  }

  private void heartbeat(long task, long accumulator, long value) {
    read.onExecutorMetricsUpdate(
        new SparkListenerExecutorMetricsUpdate(
            "0",
            seq(
                new Tuple4<Object, Object, Object, Seq<AccumulableInfo>>(
                    task, 0, 0, seq(info(accumulator, value)))),
            Map$.MODULE$.empty()));
  }

  private void end(long task, boolean failed, long value) {
    TaskInfo info = new TaskInfo(task, 0, 0, 0, 1L, "0", "localhost", null, false);
    info.setAccumulables(seq(info(COUNTER, value)));
    info.finishTime_$eq(2L);
    info.failed_$eq(failed);
    read.onTaskEnd(new SparkListenerTaskEnd(0, 0, "ResultTask", null, info, null, null));
  }

  private static AccumulableInfo info(long accumulator, long value) {
    return new AccumulableInfo(
        accumulator,
        Option.empty(),
        new Some<>(value),
        Option.empty(),
        false,
        false,
        Option.empty());
  }

  private static <T> Seq<T> seq(T element) {
    return JavaConverters.asScalaBuffer(List.of(element));
  }
}
