package dev.convoy.worker.cuda.device;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cards that a fault of the card or of a kernel has ended for this process: the driver answers
 * every further call of it with the same fault. Thread-safe.
 */
public final class CardFailures {
  private final Map<Integer, String> reasons = new ConcurrentHashMap<>();

  /**
   * Ends a card for this process.
   *
   * @param ordinal CUDA's number of it
   * @param reason whole sentences
   */
  public void add(int ordinal, String reason) {
    reasons.putIfAbsent(ordinal, reason);
  }

  /** Why a card cannot be used any more; empty if it can. */
  Optional<String> of(Card card) {
    return Optional.ofNullable(reasons.get(card.ordinal()))
        .map(reason -> "it failed, and only a new process can use it again: " + reason);
  }
}
