package dev.convoy.driver.averaging;

import java.io.Serializable;

/**
 * What trains a round and makes one network of several: a rule for what Convoy's workers bring
 * back, or a training master of Deeplearning4j's.
 */
public interface AveragingStrategy extends Serializable {}
