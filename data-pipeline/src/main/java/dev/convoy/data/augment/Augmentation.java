package dev.convoy.data.augment;

/**
 * One random change to training examples. Stateless, hence safe in any number of threads.
 *
 * <p>The only source of chance is the generator that is handed in; how many numbers are drawn may
 * depend on settings and shapes, not on pixels.
 */
public sealed interface Augmentation
    permits GeometricAugmentation, ImageAugmentation, Policy, BatchAugmentation {}
