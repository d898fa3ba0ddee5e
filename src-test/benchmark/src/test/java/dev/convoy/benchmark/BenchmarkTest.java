package dev.convoy.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkTest {
  private static final int USAGE = 2;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "everything|expected compare, networks, bfloat16, spark, parts, pipeline, search, ensemble, averaging, curves or means, found everything",
        "--workloads=lenet|expected one of lenet-5, resnet-20, vgg-11, resnet-18, ",
        "--modes=thinking|expected training or inference, found thinking",
        "--peers=convoy,caffe|found caffe",
        "--batches=0|'--batches': expected at least 1, found 0",
        "--repetitions=0|'--repetitions': expected at least 1, found 0",
        "--epochs=1|'--epochs': expected at least 2, found 1",
        "--measure=luck|expected one of methods, parallel, scheduling, found luck",
        "--measure=methods|'--measure': expected --data DIR beside methods",
        "--data=pom.xml|'--data': expected a directory with MNIST's files, found pom.xml",
        "--seeds=0|'--seeds': expected at least 1, found 0",
        "--images=255|'--images': expected at least 256, found 255",
        "--ensemble-measures=luck|expected one of cost, streaming, found luck",
        "--members=1|'--members': expected at least 2, found 1",
        "--streamed-images=9999|'--streamed-images': expected at least 10000, found 9999",
        "--parameters=9999|'--parameters': expected at least 10000, found 9999",
        "--executors=2,1|'--executors': expected at least 2, found 1",
        "--ways=ring|expected one of driver, executors, executors-bfloat16, executors-8-bit, dl4j, found ring",
        "--executor-memory=100|'--executor-memory': expected at least 450, found 100",
        "--sekonds=1|Unknown option: '--sekonds=1'",
      })
  void aMistakeIsAnsweredInOneLine(String argument, String expected) {
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(messages, true, StandardCharsets.UTF_8));
    try {
      assertThat(Benchmark.run(argument)).isEqualTo(USAGE);
    } finally {
      System.setErr(before);
    }
    assertThat(messages.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith("Cannot understand the command line: ")
        .contains(expected);
  }
}
