/**
 * Whole networks compiled to oneDNN primitives.
 *
 * <p>Layer by layer, every operation of ND4J reorders its arguments from plain memory to the
 * blocked layout that oneDNN computes in, and its result back: about a third of the time of a
 * convolution. Here {@link dev.convoy.worker.accelerator.compiled.CompiledNetwork} reads the
 * network's configuration as a list of operations ({@code NetworkReader}), joins neighbours ({@code
 * Fusion}), and lets each operation add its primitives to a plan ({@code TrainingPlan}, {@code
 * InferencePlan}), in whose memory values lie blocked from the first convolution to the last.
 * Gradients are written where Deeplearning4j keeps them.
 *
 * <p>A network with any layer that is not known here is not compiled at all, and runs on layer
 * helpers instead. A new layer is one more {@code Operation} and a line in {@code NetworkReader}.
 */
package dev.convoy.worker.accelerator.compiled;
