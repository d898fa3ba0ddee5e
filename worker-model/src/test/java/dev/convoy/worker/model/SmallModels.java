package dev.convoy.worker.model;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.written.Layers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Models as narrow as they can be, so that tests of many of them take little time. */
public final class SmallModels {
  /** Options that make networks narrow, as far as a model has them. */
  private static final Map<String, Object> NARROW =
      Map.of(
          "width", 4,
          "growth", 4,
          "factor", 1,
          "channel-factor", 0.06,
          "groups", 2,
          "group-width", 32);

  /** Of images of any size, with a residual block and a classifier that reads two scales. */
  private static final ComponentSettings TWO_SCALES =
      Layers.network(
          Layers.layer("conv", "filters", 6, "normalization", "batch", "activation", "relu"),
          Layers.layer("adaptive-average-pool", "to", List.of(6, 5), "as", "fine"),
          Layers.layer(
              "add", "of", List.of(List.of(), List.of("relu", Layers.layer("conv", "filters", 6)))),
          Layers.layer("adaptive-max-pool", "to", 3, "as", "coarse"),
          Layers.layer(
              "concat",
              "of",
              List.of(
                  List.of(Layers.layer("global-average-pool", "from", "fine")),
                  List.of("flatten"))),
          Layers.layer("dense", "units", 12, "activation", "tanh"));

  private SmallModels() {}

  /** One model of every architecture. */
  public static List<String> representatives() {
    return List.of(
        "linear",
        "perceptron",
        "mlp",
        "lenet-5",
        "lenet-5-1998",
        "alexnet",
        "alexnet-2012",
        "vgg-11",
        "googlenet",
        "inception-v4",
        "inception-resnet-v2",
        "resnet-9",
        "resnet-18",
        "resnet-50",
        "resnext-50",
        "resnet-20",
        "plain-20",
        "wide-resnet-16-4",
        "densenet-121",
        "densenet-bc-40-12",
        "layers");
  }

  /** A model with few channels, and few hidden units where they would be thousands. */
  public static ComponentSettings narrow(String name) {
    return narrow(name, Map.of());
  }

  /** The same with more options. */
  public static ComponentSettings narrow(String name, Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>();
    NARROW.forEach(
        (option, value) -> {
          boolean few = option.equals("groups") && !name.startsWith("resnext");
          if (!few && Models.FAMILY.member(name).option(option).isPresent()) {
            options.put(option, value);
          }
        });
    if (name.startsWith("alexnet") || name.startsWith("vgg")) {
      options.put("hidden", List.of(24, 16));
    }
    if (name.equals("layers")) {
      options.putAll(TWO_SCALES.options());
    }
    options.putAll(more);
    return new ComponentSettings(name, options);
  }

  /** Images whose sides no pooling divides, and which are not square. */
  public static InputShape input(String name, int channels, int classes) {
    int least = Math.max(12, Models.FAMILY.create(narrow(name)).smallestImage());
    return new InputShape(least + 1, least + 2, channels, classes);
  }
}
