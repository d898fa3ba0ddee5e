/** What one executor does in a round: trains on its shard, or evaluates one; no Spark. */
package dev.convoy.worker.training;
