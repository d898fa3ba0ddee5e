/** Pictures of how the trials of a search learned. */
package dev.convoy.benchmark.curves;
