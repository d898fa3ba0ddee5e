/**
 * Networks computed by oneDNN, on CPUs.
 *
 * <p>Layer by layer, every operation of ND4J reorders its arguments from plain memory to the
 * blocked layout that oneDNN computes in, and its result back: about a third of the time of a
 * convolution. Here a {@link dev.convoy.worker.graph.Graph} becomes one chain of primitives for
 * each batch size: each node has a {@code Stage}, listed in {@code Stages}, that adds its steps to
 * a {@code Plan}, in whose memory values lie blocked from the first convolution to the last. Which
 * values share memory follows from the finished chain: a value's memory is free for others behind
 * the last step that touches it. Parameters and gradients are used where Deeplearning4j keeps them.
 */
package dev.convoy.worker.onednn;
