/** Several networks that answer as one: how their answers are combined, on executors and driver. */
package dev.convoy.worker.ensemble;
