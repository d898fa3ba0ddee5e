/**
 * Random changes to training images and to batches of them, keyed by epoch and example.
 *
 * <p>What moves pixels is a {@link dev.convoy.data.augment.GeometricAugmentation}: it draws a
 * {@link dev.convoy.data.image.Warp}, and {@link dev.convoy.data.image.LazyPicture} joins those
 * that follow each other. The file of each of them has a static method that gives the warp of a
 * strength, for policies that draw strengths by themselves: {@code Rotate.by(shape, degrees)},
 * {@code Shear.by(shape, x, y)}, {@code Translate.by(shape, right, down)}, {@code
 * RandomScale.by(shape, factor)}, {@code HorizontalFlip.of(shape)}; interpolation and border are
 * set with {@code Warp.with}.
 */
package dev.convoy.data.augment;
