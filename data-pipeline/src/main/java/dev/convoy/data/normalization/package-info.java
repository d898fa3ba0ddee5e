/** How pixel values become what a network takes. */
package dev.convoy.data.normalization;
