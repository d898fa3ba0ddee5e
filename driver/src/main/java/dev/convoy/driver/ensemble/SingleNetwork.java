package dev.convoy.driver.ensemble;

import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ParameterDigest;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One network that was made of an ensemble. Calibrated as the ensemble is, it is a file of its own.
 *
 * @param name of the file, without ending
 * @param provenance of its parameters
 * @param model the bytes of its model.zip; not to be changed
 */
record SingleNetwork(String name, Provenance provenance, byte[] model) {
  /** The network of a member with other parameters. */
  static SingleNetwork of(String name, Member member, float[] parameters) {
    try {
      ModelArchive.Model model = ModelArchive.read(member.model(), member.provenance().run());
      model.network().setParams(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ModelArchive.write(model.network(), model.card(), out);
      return new SingleNetwork(
          name,
          new Provenance(name, member.provenance().seed(), ParameterDigest.sha256(parameters)),
          out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("Bytes in memory do not fail", e);
    }
  }
}
