package dev.convoy.worker.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.shard.Examples;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelCard;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.ensemble.EnsembleCard.Provenance;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class EnsembleArchiveTest {
  private static final ImageShape SHAPE = new ImageShape(6, 5, 1);
  private static final List<String> LABELS = List.of("cat", "dog", "größer");

  /** Of a zip's entry in its directory, before its name. */
  private static final int CENTRAL_HEADER_BYTES = 46;

  private static final Normalization FIRST =
      Normalization.of(new float[] {0.1f}, new float[] {0.5f});
  private static final Normalization OTHER =
      Normalization.of(new float[] {0.3f}, new float[] {0.7f});

  private static byte[] model(long seed, Normalization normalization, List<String> labels)
      throws IOException {
    ModelCard card =
        new ModelCard(
            "linear", StoredShape.resized(SHAPE), labels, normalization, Optional.empty());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelArchive.write(
        Models.create(new ComponentSettings("linear", Map.of()), card.input(), seed), card, out);
    return out.toByteArray();
  }

  private static EnsembleArchive.Ensemble read(byte[] file) throws IOException {
    return EnsembleArchive.read(new ByteArrayInputStream(file), file.length, "e.zip");
  }

  private static EnsembleCard card(int members) {
    List<Provenance> provenance = new ArrayList<>();
    for (int member = 0; member < members; member++) {
      provenance.add(new Provenance("members/" + member, 100 + member, "abc" + member));
    }
    return new EnsembleCard(
        "pets",
        StoredShape.resized(SHAPE),
        LABELS,
        new CombinationSettings(members, 3, new SoftVote(), 1.25),
        provenance,
        0);
  }

  private static byte[] ensemble() throws IOException {
    return write(
        card(3),
        List.of(model(1, FIRST, LABELS), model(2, OTHER, LABELS), model(3, FIRST, LABELS)));
  }

  private static byte[] write(EnsembleCard card, List<byte[]> models) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EnsembleArchive.write(card, models, out);
    return out.toByteArray();
  }

  @Test
  void aRoundTripKeepsCardAndMembersAndTheSameEnsembleGivesTheSameBytes() throws IOException {
    EnsembleArchive.Ensemble read = read(ensemble());
    assertThat(read.kind()).isEqualTo(EnsembleArchive.Kind.ENSEMBLE);
    assertThat(read.card()).isEqualTo(card(3));
    assertThat(read.models()).hasSize(3);
    assertThat(read.models().get(1)).isEqualTo(model(2, OTHER, LABELS));
    assertThat(ensemble()).isEqualTo(ensemble());
  }

  @Test
  void aModelIsAnEnsembleOfOneThatAnswersAsItDoes() throws IOException {
    EnsembleArchive.Ensemble one = read(model(1, FIRST, LABELS));
    assertThat(one.kind()).isEqualTo(EnsembleArchive.Kind.MODEL);
    assertThat(one.card().members()).hasSize(1);
    assertThat(one.card().labels()).isEqualTo(LABELS);
    double[] answer = new double[3];
    one.card()
        .combination()
        .combination()
        .combine(new float[] {0.2f, 0.5f, 0.3f}, new boolean[] {true}, answer);
    assertThat(answer).containsExactly(0.2f, 0.5f, 0.3f);
  }

  private static List<ModelArchive.Model> models(EnsembleArchive.Ensemble ensemble)
      throws IOException {
    List<ModelArchive.Model> models = new ArrayList<>();
    for (byte[] model : ensemble.models()) {
      models.add(ModelArchive.read(new ByteArrayInputStream(model), "m.zip"));
    }
    return models;
  }

  @Test
  void membersAnswerAsTheyDoAloneEachWithItsOwnNormalisation() throws IOException {
    EnsembleArchive.Ensemble ensemble = read(ensemble());
    RandomExamples examples = new RandomExamples(7);
    float[] together = new float[7 * 3 * 3];
    try (MemberNetworks networks =
        new MemberNetworks(models(ensemble), 0, Accelerator.Settings.all(), 1)) {
      int[] next = {0};
      networks.predict(
          examples,
          0,
          7,
          3,
          (batch, probabilities) -> {
            assertThat(batch.ids()[0]).isEqualTo(next[0]);
            System.arraycopy(probabilities, 0, together, next[0] * 9, batch.size() * 9);
            next[0] += batch.size();
          });
      assertThat(next[0]).isEqualTo(7);
    }
    for (int member = 0; member < 3; member++) {
      ModelArchive.Model model = models(ensemble).get(member);
      try (Session alone =
          Accelerator.open(
              Job.inference(model.network(), model.card().input(), 1),
              Accelerator.Settings.all())) {
        for (int i = 0; i < 7; i++) {
          float[] expected =
              alone.probabilities(
                  Images.of(examples.normalised(i, model.card().normalization())), 1);
          float[] found = Arrays.copyOfRange(together, i * 9 + member * 3, i * 9 + member * 3 + 3);
          // Sums are taken in another order for another batch size.
          assertThat(found)
              .as("example %d, member %d", i, member)
              .containsExactly(expected, within(1e-6f));
        }
      }
    }
  }

  /** Each answer is what the network says under the keys of that network, sample and example. */
  @Test
  void samplesWithDropoutAreThoseOfTheirExampleWhereverItStands() throws IOException {
    ModelCard card =
        new ModelCard("mlp", StoredShape.resized(SHAPE), LABELS, FIRST, Optional.empty());
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    ModelArchive.write(
        Models.create(
            new ComponentSettings("mlp", Map.of("hidden", List.of(40), "dropout", 0.5)),
            card.input(),
            5),
        card,
        model);
    EnsembleCard sampled =
        new EnsembleCard(
            "pets",
            StoredShape.resized(SHAPE),
            LABELS,
            new CombinationSettings(8, 3, new SoftVote(), 1),
            List.of(new Provenance("a", 1, "x"), new Provenance("b", 1, "x")),
            4);
    EnsembleArchive.Ensemble read =
        read(write(sampled, List.of(model.toByteArray(), model.toByteArray())));
    assertThat(read.card()).isEqualTo(sampled);
    assertThat(read.predictionModels().answers()).isEqualTo(8);
    RandomExamples examples = new RandomExamples(7);
    float[] together = new float[7 * 8 * 3];
    float[] oneByOne = new float[7 * 8 * 3];
    try (MemberNetworks networks =
        new MemberNetworks(models(read), 4, Accelerator.Settings.all(), 1)) {
      assertThat(networks.members()).isEqualTo(8);
      networks.predict(
          examples, 0, 7, 7, (batch, said) -> System.arraycopy(said, 0, together, 0, 7 * 24));
      for (int i = 0; i < 7; i++) {
        int at = i * 24;
        networks.predict(
            examples, i, i + 1, 1, (batch, said) -> System.arraycopy(said, 0, oneByOne, at, 24));
      }
    }
    assertThat(oneByOne).containsExactly(together, within(1e-6f));
    for (int first = 0; first < 8; first++) {
      for (int second = 0; second < first; second++) {
        assertThat(Arrays.copyOfRange(together, first * 3, first * 3 + 3))
            .as("samples %d and %d", second, first)
            .isNotEqualTo(Arrays.copyOfRange(together, second * 3, second * 3 + 3));
      }
    }
  }

  @Test
  void whatIsNoEnsembleIsRefused() throws IOException {
    assertRefused("garbage".getBytes(StandardCharsets.UTF_8), "Cannot read the model e.zip");
    assertRefused(write(card(2), List.of(model(1, FIRST, LABELS))), "found 1 of 2 members");
    assertRefused(
        write(card(1), List.of(model(1, FIRST, List.of("a", "b", "c")))),
        "found a member for other images or classes");
    assertRefused(
        write(card(1), List.of("nonsense".getBytes(StandardCharsets.UTF_8))),
        "e.zip!members/0000.zip");
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(compressed)) {
      zip.putNextEntry(new ZipEntry("ensemble.json"));
      zip.write(new byte[100_000]);
    }
    byte[] misnamed = write(card(1), List.of(model(1, FIRST, LABELS)));
    int name = new String(misnamed, StandardCharsets.ISO_8859_1).indexOf("members/0000.zip");
    misnamed[name] = (byte) 0xff;
    assertRefused(misnamed, "Cannot read the ensemble e.zip");
    assertRefused(compressed.toByteArray(), "found an unexpected entry, ensemble.json");
  }

  /** An entry that an ensemble has not is refused by its name, and the models in it by theirs. */
  @Test
  void whatAnEnsembleHasNotIsRefused() throws IOException {
    for (String name : List.of("../../x", "members/../../x.zip", "objects/x", "a\nb")) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      EnsembleArchive.write(card(1), List.of(model(1, FIRST, LABELS)), file);
      byte[] whole = file.toByteArray();
      ByteArrayOutputStream more = new ByteArrayOutputStream();
      more.write(whole, 0, indexOfCentralDirectory(whole));
      ZipOutputStream zip = new ZipOutputStream(more);
      zip.putNextEntry(new ZipEntry(name));
      zip.write(1);
      zip.closeEntry();
      zip.flush();
      assertRefused(more.toByteArray(), "found an unexpected entry, " + name.replace('\n', '?'));
    }
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(member)) {
      zip.putNextEntry(new ZipEntry("preprocessor.bin"));
      zip.write(1);
    }
    assertRefused(
        write(card(1), List.of(member.toByteArray())),
        "e.zip!members/0000.zip: expected a model.zip that Convoy wrote, found a Java object in it");
  }

  private static int indexOfCentralDirectory(byte[] zip) {
    return new String(zip, StandardCharsets.ISO_8859_1).lastIndexOf("ensemble.json")
        - CENTRAL_HEADER_BYTES;
  }

  @Test
  void aTruncatedFileIsRefusedWhereverItIsCut() throws IOException {
    byte[] whole = ensemble();
    Random random = new Random(1);
    int members = whole.length * 9 / 10;
    for (int i = 0; i < 40; i++) {
      assertRefused(Arrays.copyOf(whole, random.nextInt(members)), "e.zip");
    }
  }

  private static void assertRefused(byte[] file, String found) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(found);
  }

  /** Pixels drawn at random. */
  private static final class RandomExamples implements Examples {
    private final byte[][] pixels;

    RandomExamples(int size) {
      pixels = new byte[size][SHAPE.size()];
      Random random = new Random(5);
      for (byte[] image : pixels) {
        random.nextBytes(image);
      }
    }

    float[] normalised(int i, Normalization normalization) {
      float[] values = new float[SHAPE.size()];
      for (int pixel = 0; pixel < values.length; pixel++) {
        values[pixel] =
            (float)
                (((pixels[i][pixel] & 0xff) / 255.0 - normalization.mean()[0])
                    / normalization.deviation()[0]);
      }
      return values;
    }

    @Override
    public int size() {
      return pixels.length;
    }

    @Override
    public int label(int i) {
      return i % 3;
    }

    @Override
    public int id(int i) {
      return i;
    }

    @Override
    public int copy(int i) {
      return 0;
    }

    @Override
    public void pixels(int i, byte[] target, int offset) {
      System.arraycopy(pixels[i], 0, target, offset, pixels[i].length);
    }

    @Override
    public ImageShape shape(int i) {
      return SHAPE;
    }

    @Override
    public ImageShape input() {
      return SHAPE;
    }
  }
}
