/**
 * The search measured: how it compares with plain random search at the same number of epochs, what
 * is won by several trials at once, and what scheduling costs.
 */
package dev.convoy.benchmark.search;
