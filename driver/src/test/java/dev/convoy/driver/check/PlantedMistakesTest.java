package dev.convoy.driver.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.Experiments;
import dev.convoy.driver.check.PlantedImages.Mistake;
import dev.convoy.driver.check.Verdict.State;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten mistakes that cost hours; each is named by the check that is for it. */
class PlantedMistakesTest {
  private static final int IMAGES = 400;

  @TempDir static Path temporary;
  private static Path train;
  private static Path validation;

  @BeforeAll
  static void writeImages() throws IOException {
    train = PlantedImages.write(temporary.resolve("train"), 60, 1, Mistake.NONE);
    validation = PlantedImages.write(temporary.resolve("validation"), 20, 2, Mistake.NONE);
  }

  @Test
  void nothingIsFoundWhereThereIsNoMistake() {
    List<String> lines = new ArrayList<>();
    CheckResult result =
        CheckResult.of(
            run(train, validation),
            IMAGES,
            ImageLocations.hadoop(Map.of()),
            Progress.none(),
            lines::add);
    assertThat(result.found()).as(String.join("\n", lines)).isEmpty();
    assertThat(lines).hasSize(Checks.ALL.size()).allMatch(line -> line.startsWith("ok "));
  }

  /** A check looks at all layers as they are drawn; the other model need not even be there. */
  @Test
  void whatIsFrozenDoesNotMatter() {
    String[] frozen = {"transfer.model=elsewhere.zip", "transfer.freeze=[\"conv*\", dense1]"};
    for (Check check : List.of(new GradientsCheck(), new UpdateRatioCheck())) {
      Verdict without = look(check, run(train, validation));
      assertThat(without.state()).isEqualTo(State.OK);
      assertThat(look(check, run(train, validation, frozen)).figure()).isEqualTo(without.figure());
    }
  }

  @Test
  void aRateHundredTimesTooHigh() {
    RunConfiguration run = run(train, validation, "optimizer.learning-rate=5");
    assertFound(new LearningRateCheck(), run, "the rate is too high");
  }

  @Test
  void aRateThousandTimesTooLow() {
    RunConfiguration run = run(train, validation, "optimizer.learning-rate=5e-5");
    assertFound(new LearningRateCheck(), run, "the rate is too low");
  }

  @Test
  void aLossThatIsNoNumberFromTheStart() {
    String[] chain = new String[16];
    Arrays.fill(
        chain,
        "{name=dense, units=16, activation=relu, initialization={name=normal, deviation=1000}}");
    RunConfiguration run = run(train, validation, layers(chain));
    CheckResult result =
        CheckResult.of(run, IMAGES, ImageLocations.hadoop(Map.of()), Progress.none(), line -> {});
    assertThat(result.found()).contains("learning-rate");
    assertFound(new LearningRateCheck(), run, "not a number before the first step");
    assertFound(new InitialLossCheck(), run, "draw smaller weights");
  }

  @Test
  void shuffledLabels() throws IOException {
    Path shuffled =
        PlantedImages.write(temporary.resolve("shuffled"), 60, 3, Mistake.SHUFFLED_LABELS);
    assertFound(new LabelsCheck(), run(shuffled, validation), "they seem to be shuffled");
  }

  @Test
  void aClassThatIsMissing() throws IOException {
    Path without = PlantedImages.write(temporary.resolve("without"), 20, 4, Mistake.MISSING_CLASS);
    assertFound(new ClassBalanceCheck(), run(train, without), "no validation image of class2");
  }

  @Test
  void inputsThatAreNotNormalised() {
    assertFound(
        new InputsCheck(),
        run(train, validation, "data.normalize=none"),
        "set data.normalize=auto");
  }

  @Test
  void unitsThatABiasHasKilled() {
    assertFound(
        new ActivationsCheck(),
        run(
            train,
            validation,
            layers(
                "{name=conv, filters=4, activation=relu}",
                "{name=dense, units=16, initial-bias=-5, activation=relu}")),
        "% in 2-dense.activation");
  }

  @Test
  void aChainOfSigmoids() {
    String[] chain = new String[10];
    Arrays.fill(chain, "{name=dense, units=16, activation=sigmoid, initialization=xavier}");
    assertFound(
        new GradientsCheck(), run(train, validation, layers(chain)), "vanishing in 1-dense");
  }

  @Test
  void weightsThatBeginAsZeros() {
    assertFound(
        new InitialWeightsCheck(),
        run(
            train,
            validation,
            layers(
                "{name=dense, units=16, activation=relu,"
                    + " initialization={name=normal, deviation=1e-9}}")),
        "all weights are alike in 1-dense");
  }

  @Test
  void penaltiesThatAreTooStrong() {
    assertFound(
        new RegularizationCheck(),
        run(train, validation, "optimizer.l2=1"),
        "lower optimizer.l1, optimizer.l2");
  }

  @Test
  void imagesOnBothSidesOfTheSplit() throws IOException {
    Path copies = PlantedImages.write(temporary.resolve("copies"), 20, 1, Mistake.NONE);
    assertFound(new DuplicatesCheck(), run(train, copies), "remove the copies");
  }

  private static String layers(String... layers) {
    return "model={name=layers, layers=[" + String.join(", ", layers) + "]}";
  }

  private static RunConfiguration run(Path train, Path validation, String... overrides) {
    // Options of one model are none of another's, so that a model comes once.
    List<String> rest = new ArrayList<>(List.of(overrides));
    String model =
        overrides.length > 0 && overrides[0].startsWith("model=")
            ? rest.remove(0)
            : "model={name=lenet-5, filters=[8, 16], hidden=[32]}";
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.train=\"" + train + "\"",
                "data.validation=\"" + validation + "\"",
                "data.test=off",
                "data.image={height=12, width=12, channels=1}",
                model,
                "optimizer={learning-rate=0.05, l2=5e-4}",
                "training={batch-size=16, epochs=5}"));
    all.addAll(rest);
    return Experiments.of(temporary.resolve("run"), all.toArray(String[]::new));
  }

  private static Verdict look(Check check, RunConfiguration run) {
    try (CheckedRun checked =
        CheckedRun.open(run, IMAGES, ImageLocations.hadoop(Map.of()), Progress.none())) {
      return check.look(checked);
    }
  }

  private static void assertFound(Check check, RunConfiguration run, String named) {
    Verdict verdict = look(check, run);
    String line = verdict.line(check.name());
    assertThat(verdict.state()).as(line).isEqualTo(State.FOUND);
    assertThat(line).contains(named);
  }
}
