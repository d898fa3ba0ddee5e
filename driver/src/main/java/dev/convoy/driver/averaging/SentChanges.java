package dev.convoy.driver.averaging;

import dev.convoy.driver.compression.CompressedChanges;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker sends where changes are compressed: of each slice the changes of what is learned,
 * and running statistics as they are. What compression leaves out is added to the next change. Runs
 * on executors.
 */
public final class SentChanges {
  private SentChanges() {}

  /**
   * What a worker sends.
   *
   * @param trained its parameters after the round, flat; not changed
   * @param start what it began the round with, flat; not changed
   * @param residual of its learned values, what was left out of earlier changes; becomes what is
   *     left out now
   * @return the bytes of each slice
   */
  public static List<byte[]> of(
      Averaging averaging, Slices slices, float[] trained, float[] start, float[] residual) {
    int value = 0;
    for (Learned stretch : averaging.layout().learned()) {
      for (int i = stretch.from(); i < stretch.to(); i++, value++) {
        residual[value] += trained[i] - start[i];
      }
    }
    List<byte[]> sent = new ArrayList<>();
    int from = 0;
    for (int slice = 0; slice < slices.count(); slice++) {
      Layout own = averaging.of(slices, slice, trained.length).layout();
      int to = from + own.learnedValues();
      float[] measured = own.measured(slices.cut(trained, slice));
      sent.add(CompressedChanges.compress(averaging.compression(), residual, from, to, measured));
      from = to;
    }
    return sent;
  }

  /**
   * The parameters that a worker sent.
   *
   * @param averaging of the slice
   * @param sent of the slice
   * @param start the slice of what the worker began with; not changed
   * @return of the slice
   */
  public static float[] parameters(Averaging averaging, byte[] sent, float[] start) {
    Layout layout = averaging.layout();
    float[] changes = new float[layout.learnedValues()];
    float[] measured = new float[start.length - changes.length];
    CompressedChanges.decompress(averaging.compression(), sent, changes, measured);
    float[] parameters = layout.withMeasured(measured, start.length);
    int value = 0;
    for (Learned stretch : layout.learned()) {
      for (int i = stretch.from(); i < stretch.to(); i++, value++) {
        parameters[i] = start[i] + changes[value];
      }
    }
    return parameters;
  }
}
