/**
 * How parameters change: learning-rate schedules, gradient treatment and update rules on the flat
 * parameter vector of a network.
 */
package dev.convoy.worker.optimizer;
