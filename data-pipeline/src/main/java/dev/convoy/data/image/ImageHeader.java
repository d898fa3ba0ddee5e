package dev.convoy.data.image;

/**
 * What the header of an image file says.
 *
 * @param height stored rows
 * @param width stored columns
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param orientation how the stored rows lie in the picture that is seen
 */
record ImageHeader(int height, int width, int channels, Orientation orientation) {}
