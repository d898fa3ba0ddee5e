package dev.convoy.driver.cluster;

import dev.convoy.driver.averaging.RoundPlace;
import java.util.List;

/**
 * What workers do in a round. Driver only.
 *
 * @param images that they have
 * @param shards to train, those with examples left in the epoch, in increasing order
 * @param training of a shard
 * @param step to take with the mean, where workers send gradients
 * @param place which round of the run it is
 */
record RoundWork(
    ImageView images,
    List<Integer> shards,
    ShardTraining training,
    GradientStep step,
    RoundPlace place) {}
