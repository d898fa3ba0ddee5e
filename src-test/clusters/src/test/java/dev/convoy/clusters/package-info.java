/**
 * Runs on cluster managers that are started for them: their daemons are real, and so are the
 * processes that these start.
 */
package dev.convoy.clusters;
