package dev.convoy.worker.reference;

/**
 * One way of a batch through a network.
 *
 * @param training whether batch normalisation looks at the batch
 * @param dropoutKeys one for the whole batch or one for each example, well mixed
 */
record Pass(boolean training, long[] dropoutKeys, Parameters parameters) {}
