/** From JPEGs to normalised batches, beside torchvision: {@code submit-scripts/bench pipeline}. */
package dev.convoy.benchmark.pipeline;
