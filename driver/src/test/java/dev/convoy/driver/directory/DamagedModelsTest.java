package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelCard;
import dev.convoy.worker.archive.ParameterDigest;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.EnsembleArchive;
import dev.convoy.worker.ensemble.EnsembleCard;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import dev.convoy.worker.ensemble.SoftVote;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.learning.config.Adam;

/** Models and ensembles, damaged in thousands of ways: each is refused, or is what it was. */
@Timeout(300)
class DamagedModelsTest {
  private static final long SEED = 20_262;
  private static final List<String> LABELS = List.of("cat", "dog", "größer");
  private static final ModelCard CARD =
      new ModelCard(
          "linear",
          StoredShape.resized(new ImageShape(6, 5, 1)),
          LABELS,
          Normalization.of(new float[] {0.1f}, new float[] {0.5f}),
          Optional.empty());

  private static byte[] model(long seed) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelArchive.write(
        Models.create(new ComponentSettings("linear", Map.of()), CARD.input(), seed), CARD, out);
    return out.toByteArray();
  }

  private static String parameters(byte[] model) throws IOException {
    return parameters(ModelArchive.read(new ByteArrayInputStream(model), "m.zip"));
  }

  private static String parameters(ModelArchive.Model model) {
    return ParameterDigest.sha256(model.network().params().toFloatVector());
  }

  @Test
  void aDamagedModelIsRefusedOrTheSame() throws IOException {
    byte[] whole = model(1);
    String parameters = parameters(whole);
    Damage damage = new Damage(SEED);
    int refused = 0;
    for (int i = 0; i < Damage.count(); i++) {
      try {
        ModelArchive.Model read =
            ModelArchive.read(new ByteArrayInputStream(damage.of(whole)), "m.zip");
        assertThat(read.card()).as("damage %d", i).isEqualTo(CARD);
        assertThat(parameters(read)).as("damage %d", i).isEqualTo(parameters);
      } catch (DataException e) {
        assertThat(e).as("damage %d", i).hasMessageStartingWith("Cannot read the model m.zip: ");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(Damage.count() / 2);
  }

  /** Of a MultiLayerNetwork, with the state of its updater. */
  private static byte[] modelOfDeeplearning4j() throws IOException {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.1))
                .list()
                .layer(new DenseLayer.Builder().name("dense1").nIn(30).nOut(4).build())
                .layer(new OutputLayer.Builder().name("output").nIn(4).nOut(3).build())
                .build());
    network.init();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, out, true);
    return out.toByteArray();
  }

  @Test
  void aDamagedModelOfDeeplearning4jIsRefusedOrTheSame() throws IOException {
    byte[] whole = modelOfDeeplearning4j();
    ModelArchive.Parameters parameters =
        ModelArchive.readParameters(new ByteArrayInputStream(whole), "m.zip");
    Damage damage = new Damage(SEED);
    int refused = 0;
    for (int i = 0; i < Damage.count(); i++) {
      try {
        ModelArchive.Parameters read =
            ModelArchive.readParameters(new ByteArrayInputStream(damage.of(whole)), "m.zip");
        assertThat(read.values()).as("damage %d", i).isEqualTo(parameters.values());
        assertThat(read.segments()).as("damage %d", i).isEqualTo(parameters.segments());
      } catch (DataException e) {
        assertThat(e)
            .as("damage %d", i)
            .hasMessageStartingWith(
                "Cannot read the model m.zip: expected a model.zip that Convoy or Deeplearning4j"
                    + " wrote, ");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(Damage.count() / 4);
  }

  @Test
  void aDamagedEnsembleIsRefusedOrTheSame() throws IOException {
    EnsembleCard card =
        new EnsembleCard(
            "pets",
            StoredShape.resized(CARD.shape()),
            LABELS,
            new CombinationSettings(2, 3, new SoftVote(), 1.25),
            List.of(new Provenance("members/0", 1, "a"), new Provenance("members/1", 2, "b")),
            0);
    List<byte[]> members = List.of(model(1), model(2));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EnsembleArchive.write(card, members, out);
    byte[] whole = out.toByteArray();
    Damage damage = new Damage(SEED);
    int refused = 0;
    for (int i = 0; i < Damage.count(); i++) {
      try {
        byte[] damaged = damage.of(whole);
        EnsembleArchive.Ensemble read =
            EnsembleArchive.read(new ByteArrayInputStream(damaged), damaged.length, "e.zip");
        assertThat(read.card()).as("damage %d", i).usingRecursiveComparison().isEqualTo(card);
        assertThat(read.models()).as("damage %d", i).hasSameSizeAs(members);
        for (int member = 0; member < members.size(); member++) {
          assertThat(parameters(read.models().get(member)))
              .as("damage %d", i)
              .isEqualTo(parameters(members.get(member)));
        }
      } catch (DataException e) {
        assertThat(e).as("damage %d", i).hasMessageContaining("e.zip");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(Damage.count() / 2);
  }
}
