package dev.convoy.worker.model;

import dev.convoy.data.component.ComponentSettings;
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
        "densenet-bc-40-12");
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
    options.putAll(more);
    return new ComponentSettings(name, options);
  }

  /** Images whose sides no pooling divides, and which are not square. */
  public static InputShape input(String name, int channels, int classes) {
    int least = Math.max(12, Models.FAMILY.create(narrow(name)).smallestImage());
    return new InputShape(least + 1, least + 2, channels, classes);
  }
}
