package dev.convoy.driver.cluster;

import dev.convoy.data.Picture;

/**
 * One image, small enough to be looked at on the driver.
 *
 * @param id of the example in the listing of its source
 * @param location where it comes from, {@code path} or {@code path#7}
 */
public record Thumbnail(int id, String location, Picture picture) {}
