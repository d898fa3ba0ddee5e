package dev.convoy.worker.cuda.device;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.api.CudaLibraries;
import java.util.Set;

/**
 * A card that Convoy can compute on, with the libraries that do it. Any number of threads may use
 * it.
 *
 * @param libraries loaded and begun
 * @param card which one
 * @param failures of all cards in this process
 * @param context of the card, which all sessions of this process share
 */
public record Gpu(CudaLibraries libraries, Card card, CardFailures failures, CardContext context)
    implements GpuAnswer {
  /** CUDA's number of it in this process, from 0 on. */
  public int ordinal() {
    return card.ordinal();
  }

  /** What it computes in: float32 always. */
  public Set<Precision> precisions() {
    return GpuRequirements.precisions(card.capability());
  }

  /**
   * What results depend on in their last bits, for a person and for files: the same for the same
   * kind of card with the same versions of libraries.
   */
  public String kind() {
    return card.name() + ", " + libraries.versions();
  }
}
