/** The parts of a training step, each on its own, with JMH: {@code submit-scripts/bench parts}. */
package dev.convoy.benchmark.parts;
