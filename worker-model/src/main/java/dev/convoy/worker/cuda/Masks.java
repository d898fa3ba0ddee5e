package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.KeyedDropout;
import java.util.ArrayList;
import java.util.List;

/** How kernels are told what to drop. */
final class Masks {
  private Masks() {}

  /**
   * Arguments of a kernel: those given, and behind them its description of what to drop.
   *
   * @param number of the mask among those of its keys
   * @param keyCount keys of the batch
   */
  static Object[] arguments(KeyedDropout dropout, int number, int keyCount, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.add(dropout.keep());
    all.add(dropout.kept());
    all.add(KernelCodes.of(dropout.form()));
    all.add(KernelCodes.of(dropout.grain()));
    all.add(number);
    all.add(keyCount);
    return all.toArray();
  }
}
