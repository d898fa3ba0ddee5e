package dev.convoy.worker.training;

/**
 * What a worker brings back from a round. A plain class, because it crosses the wire; its arrays
 * belong to the receiver.
 */
public final class TrainedShard {
  private final int shard;
  private final long examples;
  private final long fingerprint;
  private final double lossSum;
  private final long computeNanos;
  private final long waitedNanos;
  private final float[] groupNorms;
  private final float[] parameters;
  private final float[] optimizerState;

  /** A result; see the accessors. */
  public TrainedShard(
      int shard,
      long examples,
      long fingerprint,
      double lossSum,
      long computeNanos,
      long waitedNanos,
      float[] groupNorms,
      float[] parameters,
      float[] optimizerState) {
    this.shard = shard;
    this.examples = examples;
    this.fingerprint = fingerprint;
    this.lossSum = lossSum;
    this.computeNanos = computeNanos;
    this.waitedNanos = waitedNanos;
    this.groupNorms = groupNorms;
    this.parameters = parameters;
    this.optimizerState = optimizerState;
  }

  /** What was trained, without vectors. */
  static TrainedShard counted(
      int shard,
      long examples,
      long fingerprint,
      double lossSum,
      long computeNanos,
      long waitedNanos) {
    float[] none = {};
    return new TrainedShard(
        shard, examples, fingerprint, lossSum, computeNanos, waitedNanos, none, none, none);
  }

  /**
   * The same with other vectors, for whoever keeps them elsewhere meanwhile.
   *
   * @param parameters belong to the new object
   * @param optimizerState belongs to the new object
   */
  public TrainedShard withVectors(float[] parameters, float[] optimizerState) {
    return with(0, groupNorms, parameters, optimizerState);
  }

  /** The same with the losses of steps before those that are counted, and with what was trained. */
  TrainedShard with(
      double lossBefore, float[] norms, float[] trainedParameters, float[] trainedState) {
    return new TrainedShard(
        shard,
        examples,
        fingerprint,
        lossBefore + lossSum,
        computeNanos,
        waitedNanos,
        norms,
        trainedParameters,
        trainedState);
  }

  /** Which shard was trained, counted from 0. */
  public int shard() {
    return shard;
  }

  /** Examples trained in the round; the weight of the parameters in the average. */
  public long examples() {
    return examples;
  }

  /** Wrapping sum over the examples trained of a hash of their identity. */
  public long fingerprint() {
    return fingerprint;
  }

  /** Sum of the examples' losses, in nats, each before the step that it took part in. */
  public double lossSum() {
    return lossSum;
  }

  /** Time from the first batch to the last step, in nanoseconds. */
  public long computeNanos() {
    return computeNanos;
  }

  /** Share of {@link #computeNanos()} in which the network waited for a batch, in nanoseconds. */
  public long waitedNanos() {
    return waitedNanos;
  }

  /** {@link dev.convoy.worker.optimizer.GroupNorms} of the last step; empty if none was taken. */
  public float[] groupNorms() {
    return groupNorms;
  }

  /** Parameters after the round, flat; empty if no example was left in the shard. */
  public float[] parameters() {
    return parameters;
  }

  /** The optimizer's state after the round, flat; empty if it has none. */
  public float[] optimizerState() {
    return optimizerState;
  }
}
