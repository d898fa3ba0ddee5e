package dev.convoy.benchmark.averaging;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A way to average what workers have trained. Another one is one more constant. */
enum Way {
  /** Through the driver. */
  DRIVER("driver", "averaging.route=driver", 9, 0, 0, 9),
  /** Slice by slice on executors. */
  EXECUTORS("executors", "averaging.route=executors", 5, 4, 0, 4),
  /** The same, with changes of parameters in bfloat16. */
  EXECUTORS_BFLOAT16(
      "executors-bfloat16",
      "averaging.route=executors averaging.compression.name=bfloat16",
      8,
      4,
      0,
      4),
  /** The same, with changes of parameters in 8 bits. */
  EXECUTORS_8_BIT(
      "executors-8-bit", "averaging.route=executors averaging.compression.name=8-bit", 8, 4, 0, 4),
  /** Deeplearning4j's ParameterAveragingTrainingMaster. */
  DEEPLEARNING4J("dl4j", "averaging.strategy=dl4j-parameter-averaging", 10, 0, 4, 6);

  private final String key;
  private final String settings;
  private final int heap;
  private final int dealt;
  private final int beside;
  private final int driver;

  Way(String key, String settings, int heap, int dealt, int beside, int driver) {
    this.key = key;
    this.settings = settings;
    this.heap = heap;
    this.dealt = dealt;
    this.beside = beside;
    this.driver = driver;
  }

  /**
   * The way of a name.
   *
   * @throws IllegalArgumentException naming the known ones, if there is none
   */
  static Way named(String name) {
    return Arrays.stream(values())
        .filter(way -> way.key.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of "
                        + Arrays.stream(values())
                            .map(Way::toString)
                            .collect(Collectors.joining(", "))
                        + ", found "
                        + name));
  }

  /** What it is in a configuration. */
  List<String> settings() {
    return List.of(settings.split(" ", -1));
  }

  /** Heap of one of so many executors, in results of a worker, with room for the collector. */
  double heap(int executors) {
    return heap + (double) dealt / executors;
  }

  /** What an executor has outside of its heap, in results of a worker. */
  int beside() {
    return beside;
  }

  /** Heap of the driver, in results of a worker. */
  int driver() {
    return driver;
  }

  @Override
  public String toString() {
    return key;
  }
}
