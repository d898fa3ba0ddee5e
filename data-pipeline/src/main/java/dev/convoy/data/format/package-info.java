/**
 * The formats that images come in, one source each, and their registry. Another format is another
 * entry in {@link dev.convoy.data.format.ImageSources}.
 */
package dev.convoy.data.format;
