/**
 * How parameters change: the family {@link dev.convoy.worker.optimizer.Optimizers} with its
 * members, one file each, and the step that every one of them is a part of, {@link
 * dev.convoy.worker.optimizer.ParameterUpdate}.
 */
package dev.convoy.worker.optimizer;
