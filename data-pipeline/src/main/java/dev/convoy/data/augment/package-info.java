/** Random changes to training images and to batches of them, keyed by epoch and example. */
package dev.convoy.data.augment;
