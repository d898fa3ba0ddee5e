package dev.convoy.gpu;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.SmallModels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network that is computed in no time and has layers of some kind.
 *
 * @param name of its folder
 * @param model of it
 * @param input of it, three channels
 */
record SmallNetwork(String name, ComponentSettings model, InputShape input) {
  private static final int CLASSES = 10; // those of CIFAR-10, to rehearse with its images

  /** Together they have every kind of layer. */
  static List<SmallNetwork> all() {
    return List.of(
        narrow("lenet-5", Map.of()),
        narrow("alexnet-2012", Map.of("groups", 2)),
        narrow("vgg-11", Map.of()),
        narrow("googlenet", Map.of("auxiliary", true)),
        narrow("resnet-9", Map.of()),
        narrow("resnet-20", Map.of("version", "2", "stochastic-depth", 0.3)),
        narrow("resnet-50", Map.of()),
        narrow("resnext-50", Map.of()),
        narrow("densenet-bc-40-12", Map.of()),
        written(
            "group-normalization",
            conv(16),
            "group-norm",
            "relu",
            layer("conv", "filters", 8, "normalization", "layer", "activation", "gelu"),
            "flatten"),
        written(
            "dropout",
            conv(12),
            "relu",
            layer("dropout", "probability", 0.3),
            layer("conv", "filters", 12, "activation", "selu"),
            "spatial-dropout",
            "alpha-dropout",
            "flatten",
            layer("dense", "units", 20, "activation", "tanh"),
            "gaussian-dropout",
            "gaussian-noise"),
        written(
            "squeeze-excitation",
            conv(16),
            "relu",
            layer("squeeze-excitation", "reduction", 4),
            layer("max-pool", "window", 3, "stride", 2, "padding", 1),
            conv(24),
            "sigmoid",
            layer("squeeze-excitation", "reduction", 8),
            "global-average-pool"),
        written(
            "groups",
            conv(16),
            layer("depthwise-conv", "multiplier", 2, "normalization", "batch"),
            "relu",
            layer("conv", "filters", 8, "groups", 4, "stride", 2),
            "silu",
            layer("conv", "filters", 12, "kernel", 1, "dilation", 1),
            layer("average-pool", "window", 2),
            "flatten"),
        written(
            "activations",
            conv(8),
            "prelu",
            conv(8),
            "elu",
            conv(8),
            "leaky-relu",
            layer("maximum", "of", List.of(List.of(conv(8)), List.of(conv(8), "softplus"))),
            "mish",
            "global-max-pool",
            layer("maxout", "units", 10)));
  }

  private static SmallNetwork narrow(String name, Map<String, Object> more) {
    return new SmallNetwork(
        name, SmallModels.narrow(name, more), SmallModels.input(name, 3, CLASSES));
  }

  private static SmallNetwork written(String name, Object... layers) {
    return new SmallNetwork(
        name,
        new ComponentSettings("layers", Map.of("layers", Arrays.asList(layers))),
        new InputShape(13, 12, 3, CLASSES));
  }

  private static Map<String, Object> conv(int filters) {
    return layer("conv", "filters", filters);
  }

  private static Map<String, Object> layer(String kind, Object... options) {
    Map<String, Object> layer = new HashMap<>(Map.of(ComponentSettings.NAME_KEY, kind));
    for (int i = 0; i < options.length; i += 2) {
      layer.put((String) options[i], options[i + 1]);
    }
    return layer;
  }
}
