/**
 * The nouns of a labelled image collection: a source lists it on the driver and reads its examples
 * on executors.
 */
package dev.convoy.data.source;
