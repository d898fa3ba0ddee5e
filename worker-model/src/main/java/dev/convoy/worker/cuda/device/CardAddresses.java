package dev.convoy.worker.cuda.device;

import java.util.Optional;

/** What others call the cards of this machine. */
@FunctionalInterface
public interface CardAddresses {
  /**
   * Where a card is.
   *
   * @param address as nvidia-smi counts or names it: an index or a UUID
   * @return empty if it names no card
   */
  Optional<PciId> place(String address);
}
