package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;

/**
 * A batch that is being changed. The arrays are the batch's own and may be longer than it.
 *
 * @param size how many examples there are
 * @param shape of every image
 * @param pixels 8-bit values, axes [example, channel, row, column]
 * @param classes how many there are
 * @param targets axes [example, class]; for each example a distribution over the classes
 * @param weights how much each example counts in the loss
 */
public record AugmentedBatch(
    int size, ImageShape shape, byte[] pixels, int classes, float[] targets, float[] weights) {}
