package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.LayerTable;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Learned parameters, to the unit: of those for photographs as torchvision 0.14 counts them, with
 * 1,000 classes, or their authors do where it does not have them.
 */
class ArchitectureTableTest {

  @ParameterizedTest
  @CsvSource({
    "alexnet, 61100840",
    "alexnet-2012, 62378344",
    "vgg-11, 132863336",
    "vgg-13, 133047848",
    "vgg-16, 138357544",
    "vgg-19, 143667240",
    "googlenet, 6624904",
    "resnet-18, 11689512",
    "resnet-34, 21797672",
    "resnet-50, 25557032",
    "resnet-101, 44549160",
    "resnet-152, 60192808",
    "resnext-50, 25028904",
    "resnext-101, 88791336",
    "wide-resnet-50-2, 68883240",
    "densenet-121, 7978856",
    "densenet-161, 28681000",
    "densenet-169, 14149480",
    "densenet-201, 20013928",
  })
  void photographNetworksHaveTheParametersOfTorchvision(String name, long parameters)
      throws Exception {
    assertThat(table(ComponentSettings.defaults(name), 224, 1000).work().weights())
        .isEqualTo(parameters);
  }

  /** As their authors' published weights have them. */
  @ParameterizedTest
  @CsvSource({"inception-v4, 42679816", "inception-resnet-v2, 55843464"})
  void inceptionNetworksHaveTheParametersOfTheirPublishedWeights(String name, long parameters)
      throws Exception {
    assertThat(table(ComponentSettings.defaults(name), 299, 1000).work().weights())
        .isEqualTo(parameters);
  }

  /** In millions, as the paper's table 6 rounds them; its shortcuts have no weights. */
  @ParameterizedTest
  @CsvSource({
    "resnet-20, 0.27",
    "resnet-32, 0.46",
    "resnet-44, 0.66",
    "resnet-56, 0.85",
    "resnet-110, 1.7",
    "resnet-1202, 19.4",
  })
  void smallResidualNetworksHaveTheParametersOfThePaper(String name, String millions)
      throws Exception {
    var settings = new ComponentSettings(name, Map.of("shortcuts", "padding"));
    assertMillions(table(settings, 32, 10), millions);
  }

  /** In millions, as the papers' tables round them. */
  @ParameterizedTest
  @CsvSource({
    "wide-resnet-28-10, 36.5",
    "wide-resnet-40-4, 8.9",
    "wide-resnet-16-4, 2.7",
    "densenet-bc-100-12, 0.8",
    "densenet-bc-250-24, 15.3",
    "densenet-bc-190-40, 25.6",
  })
  void smallImageNetworksHaveTheParametersOfThePapers(String name, String millions)
      throws Exception {
    assertMillions(table(ComponentSettings.defaults(name), 32, 10), millions);
  }

  /** With groups for two devices, as Caffe's reference model has them. */
  @Test
  void alexNetOfTwoDevicesHasFewerParameters() throws Exception {
    var settings = new ComponentSettings("alexnet-2012", Map.of("groups", 2));
    assertThat(table(settings, 224, 1000).work().weights()).isEqualTo(60_965_224);
  }

  /** As its author's network, which has no bias before the softmax, with one. */
  @ParameterizedTest
  @CsvSource({"resnet-9, 6573120"})
  void theFastNetworkHasTheParametersOfItsAuthor(String name, long parameters) throws Exception {
    assertThat(table(ComponentSettings.defaults(name), 32, 10).work().weights())
        .isEqualTo(parameters + 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain-20", "plain-32", "plain-44", "plain-56", "plain-110"})
  void shortcutsOfThePaperHaveNoParameters(String plain) throws Exception {
    var residual =
        new ComponentSettings(plain.replace("plain", "resnet"), Map.of("shortcuts", "padding"));
    assertThat(table(ComponentSettings.defaults(plain), 32, 10).work().weights())
        .isEqualTo(table(residual, 32, 10).work().weights());
  }

  /** By the layers of the paper's table 1. */
  @ParameterizedTest
  @CsvSource({
    "densenet-121, 6:12:24:16",
    "densenet-169, 6:12:32:32",
    "densenet-201, 6:12:48:32",
    "densenet-264, 6:12:64:48",
  })
  void denselyConnectedNetworksHaveTheLayersOfThePaper(String name, String layers)
      throws Exception {
    long growth = 32;
    long channels = 2 * growth;
    long parameters = 49 * 3 * channels + 2 * channels;
    String[] blocks = layers.split(":", -1);
    for (int block = 0; block < blocks.length; block++) {
      for (int layer = 0; layer < Integer.parseInt(blocks[block]); layer++) {
        parameters += 2 * channels + channels * 4 * growth;
        parameters += 2 * 4 * growth + 9 * 4 * growth * growth;
        channels += growth;
      }
      parameters += 2 * channels;
      if (block < blocks.length - 1) {
        parameters += channels * (channels / 2);
        channels /= 2;
      }
    }
    parameters += channels * 1000 + 1000;
    assertThat(table(ComponentSettings.defaults(name), 224, 1000).work().weights())
        .isEqualTo(parameters);
  }

  /** L convolutions of stride 1 and a kernel of K × K see 1 + L (K - 1) pixels. */
  @ParameterizedTest
  @CsvSource({
    "lenet-5, 1, 5",
    "vgg-11, 1, 3",
    "vgg-13, 2, 3",
    "vgg-16, 2, 3",
    "vgg-19, 2, 3",
    "plain-20, 7, 3",
    "plain-32, 11, 3",
    "plain-44, 15, 3",
    "plain-56, 19, 3",
    "plain-110, 37, 3",
    "resnet-20, 7, 3",
    "resnet-110, 37, 3",
    "resnet-1202, 401, 3",
    "wide-resnet-16-4, 5, 3",
    "densenet-bc-40-12, 7, 3",
    "densenet-bc-100-12, 17, 3",
  })
  void whatStandsBeforeTheFirstStrideSeesOnePlusLayersTimesKernelMinusOne(
      String name, long convolutions, long kernel) throws Exception {
    int side = 32;
    LayerTable.Layer last =
        table(ComponentSettings.defaults(name), side, 10).layers().stream()
            .filter(layer -> !layer.output().isVector() && layer.output().height() == side)
            .reduce((before, layer) -> layer)
            .orElseThrow();
    long seen = 1 + convolutions * (kernel - 1);
    assertThat(last.field()).as(last.name()).isEqualTo(new LayerTable.Field(seen, seen));
  }

  private static void assertMillions(LayerTable table, String millions) {
    long parameters = table.work().weights();
    int digits = millions.length() - millions.indexOf('.') - 1;
    assertThat(String.format(Locale.ROOT, "%." + digits + "f", parameters / 1e6))
        .as("%,d", parameters)
        .isEqualTo(millions);
  }

  static LayerTable table(ComponentSettings settings, int side, int classes)
      throws UnsupportedNetworkException {
    var input = new InputShape(side, side, 3, classes);
    return LayerTable.of(GraphReader.read(Models.configuration(settings, input), input));
  }
}
