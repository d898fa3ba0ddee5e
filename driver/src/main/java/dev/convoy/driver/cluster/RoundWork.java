package dev.convoy.driver.cluster;

import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.worker.training.RoundTask;
import java.util.List;
import java.util.Optional;

/**
 * What workers do in a round. Driver only.
 *
 * @param images that they have
 * @param targets of the images; empty for their labels
 * @param position which round of which epoch; its shard is not read
 * @param shards to train, those with examples left in the epoch, in increasing order
 * @param training of a shard
 * @param step to take with the mean, where workers send gradients
 * @param place which round of the run it is
 */
record RoundWork(
    ImageView images,
    Optional<SoftTargets> targets,
    RoundTask position,
    List<Integer> shards,
    ShardTraining training,
    GradientStep step,
    RoundPlace place) {}
