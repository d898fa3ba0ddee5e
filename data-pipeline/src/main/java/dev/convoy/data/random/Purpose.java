package dev.convoy.data.random;

/**
 * What a random choice is for. It is part of every key, so that choices for different purposes are
 * independent although they share the run's seed. Codes are written out and never change meaning:
 * reordering the constants cannot change a run.
 */
public enum Purpose {
  /** Which examples are held out for validation. */
  SPLIT(0x01),
  /** Which examples a limited run keeps. */
  LIMIT(0x02),
  /** Which training shard an example belongs to. */
  SHARDING(0x03),
  /** The order of a shard's examples in one epoch. */
  PERMUTATION(0x04),
  /** Random changes to one example in one epoch. */
  AUGMENTATION(0x05),
  /** The content of one synthetic image. */
  SYNTHETIC(0x06),
  /** The first parameters of a network. */
  INITIALIZATION(0x07),
  /** Dropout masks and noise of one step on one shard. */
  DROPOUT(0x08),
  /** The bootstrap sample and seed of one ensemble member. */
  MEMBER(0x09),
  /** The hyperparameters and seed of one search trial. */
  TRIAL(0x0a),
  /** Which examples the combination of an ensemble is learned from. */
  STACKING(0x0b),
  /** Which examples a statistic looks at where all would be too many. */
  STATISTICS_SAMPLE(0x0c),
  /** The orders in which members join an ensemble, for the curve over their number. */
  MEMBER_ORDER(0x0d),
  /** What is dropped when a network is asked several times about an example. */
  DROPOUT_SAMPLE(0x0e),
  /** Which of the training images are held out for the test. */
  TEST_SPLIT(0x0f),
  /** Random changes to a whole batch, which begins with one example in one epoch. */
  BATCH_AUGMENTATION(0x10),
  /** Which examples a check before the run looks at, and in which order it trains on them. */
  CHECK(0x11),
  /** Noise on the gradient of one step, whose key is the seed. */
  GRADIENT_NOISE(0x12),
  /** Noise on the weights in one step, whose key is the seed. */
  WEIGHT_NOISE(0x13),
  /** Along which of its tangents each image is moved in one step, whose key is the seed. */
  TANGENT(0x14),
  /** The first weights of an auto-encoder, and the order in which it learns images. */
  AUTOENCODER(0x15);

  private final long code;

  Purpose(long code) {
    this.code = code;
  }

  /** The fixed number that stands for this purpose in keys. */
  public long code() {
    return code;
  }
}
