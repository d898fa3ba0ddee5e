/** Decoded examples of one shard, held on one executor or written to files for later runs. */
package dev.convoy.data.shard;
