package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Family;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.image.PictureSource;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;
import java.util.List;

/**
 * A list of augmentations, and the family that they come from. Those of single images are applied
 * in their order, then those of whole batches in theirs. Immutable and thread-safe.
 */
public final class Augmentations {
  /** Every augmentation. A new one is its own file and one more line here. */
  public static final Family<Augmentation> FAMILY =
      Family.of(
          "augmentation",
          List.of(
              Affine.COMPONENT,
              AugMix.COMPONENT,
              AutoAugment.COMPONENT,
              AutomaticContrast.COMPONENT,
              Blur.COMPONENT,
              Brightness.COMPONENT,
              CenterCrop.COMPONENT,
              ColorJitter.COMPONENT,
              Contrast.COMPONENT,
              Cutmix.COMPONENT,
              Cutout.COMPONENT,
              Elastic.COMPONENT,
              Equalize.COMPONENT,
              Gamma.COMPONENT,
              GaussianNoise.COMPONENT,
              Grayscale.COMPONENT,
              HorizontalFlip.COMPONENT,
              Hue.COMPONENT,
              Invert.COMPONENT,
              LabelSmoothing.COMPONENT,
              Lighting.COMPONENT,
              Mixup.COMPONENT,
              MixupOrCutmix.COMPONENT,
              Perspective.COMPONENT,
              Posterize.COMPONENT,
              RandAugment.COMPONENT,
              RandomCrop.COMPONENT,
              RandomErasing.COMPONENT,
              RandomResizedCrop.COMPONENT,
              RandomScale.COMPONENT,
              Resize.COMPONENT,
              Rotate.COMPONENT,
              SaltAndPepper.COMPONENT,
              Saturation.COMPONENT,
              Sharpness.COMPONENT,
              Shear.COMPONENT,
              Solarize.COMPONENT,
              Speckle.COMPONENT,
              Translate.COMPONENT,
              TrivialAugment.COMPONENT,
              VerticalFlip.COMPONENT));

  private static final Augmentations NONE = new Augmentations(List.of());

  private final List<Augmentation> ofPictures;
  private final List<BatchAugmentation> ofBatches;

  private Augmentations(List<Augmentation> steps) {
    this.ofPictures = steps.stream().filter(step -> !(step instanceof BatchAugmentation)).toList();
    this.ofBatches =
        steps.stream()
            .filter(BatchAugmentation.class::isInstance)
            .map(BatchAugmentation.class::cast)
            .toList();
  }

  /**
   * The augmentations that settings describe, in their order.
   *
   * @throws IllegalArgumentException when a name or option is unknown or a value out of range
   */
  public static Augmentations of(List<ComponentSettings> settings) {
    return new Augmentations(settings.stream().map(FAMILY::create).toList());
  }

  /** No augmentation at all. */
  public static Augmentations none() {
    return NONE;
  }

  /**
   * Changes one picture, in place where that is possible, and brings it to the network's input
   * where no step did that. Geometric steps that follow each other, and that last one, are one
   * resampling.
   */
  public Picture apply(Picture picture, ImageShape input, KeyedRandom random) {
    LazyPicture changed = new LazyPicture(picture);
    apply(changed, input, random);
    return changed.picture();
  }

  /**
   * Does the same to a picture of which only the part is read that is needed.
   *
   * @param into receives the pixels in CHW order
   * @param at where they begin there
   */
  public void apply(
      PictureSource picture, ImageShape input, KeyedRandom random, byte[] into, int at) {
    LazyPicture changed = new LazyPicture(picture);
    apply(changed, input, random);
    changed.write(into, at);
  }

  private void apply(LazyPicture changed, ImageShape input, KeyedRandom random) {
    for (Augmentation step : ofPictures) {
      if (step instanceof GeometricAugmentation geometric) {
        changed.warp(geometric.draw(changed.shape(), input, random));
      } else if (step instanceof ImageAugmentation ofPixels) {
        changed.change(pixels -> ofPixels.apply(pixels, input, random));
      } else if (step instanceof Policy policy) {
        policy.draw(changed.shape(), random).forEach(drawn -> drawn.apply(changed));
      }
    }
    changed.warp(Warp.fit(changed.shape(), input));
  }

  /** Changes a batch in place; see {@link BatchAugmentation#apply}. */
  public void apply(AugmentedBatch batch, KeyedRandom random) {
    for (BatchAugmentation step : ofBatches) {
      step.apply(batch, random);
    }
  }

  /** Whether single images are changed. */
  public boolean changeImages() {
    return !ofPictures.isEmpty();
  }

  /** Whether batches are changed, and targets with them. */
  public boolean changeBatches() {
    return !ofBatches.isEmpty();
  }
}
