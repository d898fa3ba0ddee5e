/**
 * The benchmark: one executor's speed against peers on the same cores ({@link
 * dev.convoy.benchmark.compare}), the application on Spark against the same network without it
 * ({@link dev.convoy.benchmark.spark}), the parts of a step ({@link dev.convoy.benchmark.parts}),
 * the search ({@link dev.convoy.benchmark.search}), and ensembles ({@link
 * dev.convoy.benchmark.ensemble}). {@code submit-scripts/bench} runs it.
 */
package dev.convoy.benchmark;
