/**
 * Images in, batches out. Nothing here knows Spark or a network: sources are listed on the driver
 * and read on executors, shards hold decoded bytes, batches are primitive arrays.
 */
package dev.convoy.data;
