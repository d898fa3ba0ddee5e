/**
 * Spark: shards on executors, rounds as jobs, sums in shard order. What crosses the wire is
 * primitive arrays and counts; closures hold strings, numbers and broadcasts.
 */
package dev.convoy.driver.cluster;
