package dev.convoy.benchmark.ensemble;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelCard;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import dev.convoy.worker.ensemble.SoftVote;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Networks of different seeds that nobody has trained, which costs no less to ask. They normalise
 * alike, as the members of an ensemble do.
 */
final class UntrainedEnsemble {
  private static final float MEAN = 0.5f;
  private static final float DEVIATION = 0.25f;

  private UntrainedEnsemble() {}

  /**
   * An ensemble as it is read from its file; of one member, from a model.zip.
   *
   * @param members at least 1; the first is the same whatever their number
   */
  static EnsembleArchive.Ensemble of(ComponentSettings network, InputShape input, int members)
      throws IOException {
    ModelCard card = card(network, input);
    List<byte[]> models = new ArrayList<>();
    for (int member = 0; member < members; member++) {
      ByteArrayOutputStream model = new ByteArrayOutputStream();
      ModelArchive.write(Models.create(network, input, member), card, model);
      models.add(model.toByteArray());
    }
    byte[] file = members == 1 ? models.get(0) : archive(card, models);
    return EnsembleArchive.read(
        new ByteArrayInputStream(file), file.length, network.name() + ".zip");
  }

  private static ModelCard card(ComponentSettings network, InputShape input) {
    float[] mean = new float[input.channels()];
    float[] deviation = new float[input.channels()];
    Arrays.fill(mean, MEAN);
    Arrays.fill(deviation, DEVIATION);
    return new ModelCard(
        network.name(),
        StoredShape.resized(new ImageShape(input.height(), input.width(), input.channels())),
        IntStream.range(0, input.classes()).mapToObj(label -> "class-" + label).toList(),
        Normalization.of(mean, deviation),
        Optional.empty());
  }

  private static byte[] archive(ModelCard card, List<byte[]> models) throws IOException {
    List<Provenance> members =
        IntStream.range(0, models.size())
            .mapToObj(member -> new Provenance("member-" + member, member, ""))
            .toList();
    ByteArrayOutputStream ensemble = new ByteArrayOutputStream();
    EnsembleArchive.write(
        new EnsembleCard(
            card.model(),
            card.store(),
            card.labels(),
            CombinationSettings.of(models.size(), card.labels().size(), new SoftVote()),
            members,
            0),
        models,
        ensemble);
    return ensemble.toByteArray();
  }
}
