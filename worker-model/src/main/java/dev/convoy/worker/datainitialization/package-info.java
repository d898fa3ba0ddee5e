/**
 * Initialisation of weights on data: a {@link
 * dev.convoy.worker.datainitialization.DataInitialization} changes the parameters of layer after
 * layer by what each gives for the first batch.
 */
package dev.convoy.worker.datainitialization;
