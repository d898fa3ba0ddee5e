package dev.convoy.driver.ensemble;

import dev.convoy.data.resample.Resample;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunConfiguration.Resampling;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ParameterDigest;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import java.util.Optional;

/**
 * A member that answers.
 *
 * @param number counted from 0
 * @param run its configuration
 * @param provenance of its model
 * @param model the bytes of its model.zip; not to be changed
 */
record Member(int number, RunConfiguration run, Provenance provenance, byte[] model) {
  /** Which of the training images it was trained on; empty for all. */
  Optional<Resampling> resampling() {
    return run.training().resample();
  }

  /**
   * SHA-256 of the parameters of a model.
   *
   * @param location of the model, for messages
   * @throws dev.convoy.data.DataException if it is none
   */
  static String digest(byte[] model, String location) {
    return ParameterDigest.sha256(parameters(model, location));
  }

  /** The parameters of the model, flat. */
  float[] parameters() {
    return parameters(model, provenance.run());
  }

  private static float[] parameters(byte[] model, String location) {
    return ModelArchive.read(model, location).network().params().data().asFloat();
  }

  /** Whether there may be training images that it did not see. */
  boolean leavesOut() {
    return resampling().map(Resampling::resample).filter(Resample::leavesOut).isPresent();
  }
}
