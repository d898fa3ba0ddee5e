package dev.convoy.driver.averaging;

import java.util.function.Consumer;

/** A long row of values, wherever it lies: in one array, or in pieces on executors. Driver only. */
public interface Vector {
  /** How many values. */
  int length();

  /** Hands over all values in order, a piece at a time; a piece is not to be written to or kept. */
  void forEachPiece(Consumer<float[]> receiver);

  /** All values in one array, which may be the vector's own: not to be written to. */
  default float[] whole() {
    float[] whole = new float[length()];
    int[] end = new int[1];
    forEachPiece(
        piece -> {
          System.arraycopy(piece, 0, whole, end[0], piece.length);
          end[0] += piece.length;
        });
    return whole;
  }

  /** Whether all values of an array are numbers. */
  static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A vector in memory.
   *
   * @param values shared, not copied
   */
  static Vector of(float[] values) {
    return new Vector() {
      @Override
      public int length() {
        return values.length;
      }

      @Override
      public void forEachPiece(Consumer<float[]> receiver) {
        receiver.accept(values);
      }

      @Override
      public float[] whole() {
        return values;
      }
    };
  }
}
