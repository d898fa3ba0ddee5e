/** Random changes to training images, keyed by epoch and example. */
package dev.convoy.data.augment;
