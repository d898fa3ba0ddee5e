package dev.convoy.benchmark.pipeline;

import dev.convoy.benchmark.Labels;
import dev.convoy.data.ImageShape;
import dev.convoy.data.component.ComponentSettings;
import java.util.List;
import java.util.stream.Stream;

/** What is done to every picture between decoding it and normalising it. */
@SuppressWarnings("ImmutableEnumChecker") // records and unmodifiable lists of such
public enum PipelineTask {
  /** The usual changes of CIFAR pictures. */
  CROP_FLIP("crop-flip", 32, 32, 32, 10, "random-crop", "horizontal-flip"),
  /** A policy and erasing beside them. */
  RAND_AUGMENT(
      "rand-augment",
      32,
      32,
      32,
      5,
      "random-crop",
      "horizontal-flip",
      "rand-augment",
      "random-erasing"),
  /** The usual changes of photographs. */
  PHOTOGRAPHS("photographs", 375, 500, 224, 2, "random-resized-crop", "horizontal-flip"),
  /** The same from prepared images, which are decoded already; torchvision has none. */
  PREPARED_PHOTOGRAPHS(
      "prepared-photographs", 375, 500, 224, 6, "random-resized-crop", "horizontal-flip");

  private static final int CHANNELS = 3;

  private final String label;
  private final ImageShape picture;
  private final ImageShape input;
  private final double target;
  private final List<ComponentSettings> augmentations;

  PipelineTask(String label, int height, int width, int inputSide, double target, String... names) {
    this.label = label;
    this.picture = new ImageShape(height, width, CHANNELS);
    this.input = new ImageShape(inputSide, inputSide, CHANNELS);
    this.target = target;
    this.augmentations = Stream.of(names).map(ComponentSettings::defaults).toList();
  }

  /**
   * The task of a name.
   *
   * @throws IllegalArgumentException naming the known ones, if there is none
   */
  public static PipelineTask named(String name) {
    return Labels.find(values(), name);
  }

  /** The shape of the pictures that are decoded. */
  ImageShape picture() {
    return picture;
  }

  /** The shape that a network takes. */
  public ImageShape input() {
    return input;
  }

  /** How many times as fast as torchvision Convoy is to be. */
  double target() {
    return target;
  }

  /** Whether Convoy has pictures decoded before it begins. */
  public boolean isPrepared() {
    return this == PREPARED_PHOTOGRAPHS;
  }

  /** In their order, each with its defaults. */
  public List<ComponentSettings> augmentations() {
    return augmentations;
  }

  @Override
  public String toString() {
    return label;
  }
}
