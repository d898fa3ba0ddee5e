package dev.convoy.data.source;

import java.io.Serializable;

/**
 * An image that could not be read.
 *
 * @param path where it is
 * @param reason what is wrong with it, in a few words
 */
public record Quarantined(String path, String reason) implements Serializable {}
