package dev.convoy.worker.optimizer;

import org.bytedeco.javacpp.FloatPointer;

/** Where the gradient of each segment lies, in native memory of the host. */
interface GradientMemory {
  /** The first value of a segment's gradient. */
  FloatPointer of(Segment segment);

  /** Says that values have been changed there. */
  default void changed() {}
}
