package dev.convoy.worker.accelerator.compiled;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.ModelSettings;
import dev.convoy.worker.model.Models;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How much is joined; that it computes the same is shown by {@link CompiledNetworkTest}. */
class FusionTest {
  private static List<Operation> read(String model, Map<String, Object> options)
      throws UnsupportedNetworkException {
    InputShape input = new InputShape(32, 32, 3, 10);
    return NetworkReader.read(Models.create(new ModelSettings(model, options), input, 1), input);
  }

  private static Map<String, Long> kinds(List<Operation> operations, boolean training) {
    return Fusion.fuse(operations, training).stream()
        .collect(Collectors.groupingBy(o -> o.getClass().getSimpleName(), Collectors.counting()));
  }

  @Test
  void inInferenceAResidualNetworkIsItsConvolutionsAlone() throws Exception {
    assertThat(kinds(read("resnet-20", Map.of()), false))
        .isEqualTo(Map.of("FoldedConvolution", 21L, "Pooling", 1L, "Dense", 1L));
  }

  @Test
  void inTrainingItsFunctionsAreAPartOfWhatIsBeforeThem() throws Exception {
    assertThat(kinds(read("resnet-20", Map.of()), true))
        .isEqualTo(
            Map.of(
                "Convolution", 21L, "Normalization", 21L, "Sum", 9L, "Pooling", 1L, "Dense", 1L));
  }

  @Test
  void inTrainingAFunctionComesBehindTheLargestValue() throws Exception {
    assertThat(kinds(read("lenet-5", Map.of("dropout", 0.5)), true))
        .isEqualTo(
            Map.of(
                "Convolution", 2L, "Pooling", 2L, "Function", 2L, "Dense", 3L, "DropoutMask", 2L));
  }

  @Test
  void inInferenceWhatIsDroppedStaysOnlyWhereAnswersAreSampled() throws Exception {
    List<Operation> operations = read("lenet-5", Map.of("dropout", 0.5));
    assertThat(kinds(DropoutMask.removedFrom(operations), false))
        .isEqualTo(Map.of("FoldedConvolution", 2L, "Pooling", 2L, "Dense", 3L));
    assertThat(kinds(DropoutMask.numberedIn(operations), false))
        .isEqualTo(Map.of("FoldedConvolution", 2L, "Pooling", 2L, "Dense", 3L, "DropoutMask", 2L));
  }
}
