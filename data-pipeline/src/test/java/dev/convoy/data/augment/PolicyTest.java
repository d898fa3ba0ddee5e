package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.augment.AutoAugmentPolicy.Pair;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.image.Interpolation;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.random.Distribution;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Policies do what torchvision's do: torchvision_policies.txt.gz holds the operations, magnitudes
 * and probabilities of those, and what the strongest operations made of three pictures;
 * torchvision_policies.py made the file.
 */
class PolicyTest {
  private static final ImageShape SHAPE = new ImageShape(19, 23, 3);
  private static final int DRAWS = 14_000;

  private static final Map<String, PolicyRanges> RANGES =
      Map.of("USUAL", PolicyRanges.USUAL, "WIDE", PolicyRanges.WIDE, "AUGMIX", PolicyRanges.AUGMIX);

  private static Stream<String> lines(String kind) {
    return TorchvisionColoursTest.lines("torchvision_policies.txt.gz").stream()
        .filter(line -> line.startsWith(kind + " "));
  }

  static List<String> magnitudes() {
    return lines("magnitudes").toList();
  }

  @ParameterizedTest
  @MethodSource("magnitudes")
  void everyLevelHasTorchvisionsMagnitude(String line) {
    String[] words = line.split(" ", -1);
    PolicyOperation operation = PolicyOperation.valueOf(words[2]);
    int levels = words.length - 3;
    for (int level = 0; level < levels; level++) {
      PolicyStep step =
          operation.draw(new MagnitudeLevel(level, levels), RANGES.get(words[1]), SHAPE, random(0));
      // Torchvision's are rounded to 24 bits.
      assertThat(Math.abs(step.magnitude()))
          .isCloseTo(Double.parseDouble(words[3 + level]), within(1e-4));
    }
  }

  static List<String> pictures() {
    return lines("picture").toList();
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void everyOperationAtItsStrongestMakesTorchvisionsPicture(String line) {
    String[] words = line.split(" ", -1);
    LazyPicture picture = new LazyPicture(PictureChangesTest.picture(words[1]));
    Interpolation interpolation =
        words[2].equals("AUGMIX") ? Interpolation.PLAIN_BILINEAR : Interpolation.NEAREST;

    new PolicyStep(PolicyOperation.valueOf(words[3]), Double.parseDouble(words[4]))
        .apply(picture, interpolation);

    TorchvisionColoursTest.Difference difference =
        TorchvisionColoursTest.Difference.of(picture.picture(), HexFormat.of().parseHex(words[5]));
    // Pillow cuts interpolated values off, Convoy rounds them.
    int accepted = interpolation == Interpolation.NEAREST ? 0 : 1;
    assertThat(difference.mean()).isLessThanOrEqualTo(accepted);
    assertThat(difference.largest()).isLessThanOrEqualTo(accepted);
  }

  @ParameterizedTest
  @EnumSource(AutoAugmentPolicy.class)
  void thePairsOfAutoAugmentAreTorchvisions(AutoAugmentPolicy policy) {
    List<String> pairs = new ArrayList<>();
    for (Pair pair : policy.pairs()) {
      pairs.add(
          Stream.of(
                  "pair",
                  policy,
                  pair.operation(),
                  pair.probability(),
                  pair.level(),
                  pair.next(),
                  pair.nextProbability(),
                  pair.nextLevel())
              .map(Object::toString)
              .collect(Collectors.joining(" ")));
    }

    assertThat(pairs).containsExactlyElementsOf(lines("pair " + policy).toList());
  }

  @Test
  void randAugmentDrawsEveryOperationAndDirectionEquallyOften() {
    Policy policy = policy("rand-augment", Map.of("operations", 3, "magnitude", 30));
    Map<PolicyStep, Integer> counts = new HashMap<>();
    for (int example = 0; example < DRAWS / 3; example++) {
      List<PolicyStep> steps = policy.draw(SHAPE, random(example));
      assertThat(steps).hasSize(3);
      steps.forEach(step -> counts.merge(step, 1, Integer::sum));
    }

    Set<PolicyOperation> drawn = new TreeSet<>();
    counts.forEach(
        (step, count) -> {
          drawn.add(step.operation());
          // Of 14 operations nine have two directions: once in 14 or in 28 draws.
          double expected = counts.containsKey(opposite(step)) ? DRAWS / 28.0 : DRAWS / 14.0;
          assertThat((double) count)
              .as("%s", step)
              .isCloseTo(expected, within(sixDeviations(expected)));
        });
    assertThat(drawn).containsExactlyElementsOf(PolicyOperation.OF_RANDOM_POLICIES);
    assertThat(counts).hasSize(14 + 9);
  }

  /** Nothing is its own opposite, since 0 has no sign here. */
  private static PolicyStep opposite(PolicyStep step) {
    return step.magnitude() == 0 || step.operation() == PolicyOperation.POSTERIZE
        ? null
        : new PolicyStep(step.operation(), -step.magnitude());
  }

  @Test
  void trivialAugmentDrawsEveryOperationAndLevelEquallyOften() {
    Policy policy = policy("trivial-augment", Map.of());
    Map<PolicyOperation, Integer> operations = new HashMap<>();
    int[] levels = new int[TrivialAugment.LEVELS];
    for (int example = 0; example < DRAWS; example++) {
      List<PolicyStep> steps = policy.draw(SHAPE, random(example));
      assertThat(steps).hasSize(1);
      PolicyStep step = steps.get(0);
      operations.merge(step.operation(), 1, Integer::sum);
      if (step.operation() == PolicyOperation.ROTATE) {
        levels[(int) Math.round(Math.abs(step.magnitude()) / 135 * 30)]++;
      }
    }

    assertThat(operations.keySet())
        .containsExactlyInAnyOrderElementsOf(PolicyOperation.OF_RANDOM_POLICIES);
    assertThat(operations.values())
        .allSatisfy(
            count -> assertThat((double) count).isCloseTo(1000, within(sixDeviations(1000))));
    int rotated = Arrays.stream(levels).sum();
    assertThat(Arrays.stream(levels))
        .allSatisfy(
            count ->
                assertThat((double) count)
                    .isCloseTo(rotated / 31.0, within(sixDeviations(rotated / 31.0))));
  }

  @ParameterizedTest
  @EnumSource(AutoAugmentPolicy.class)
  void autoAugmentDrawsEveryPairWithItsProbabilities(AutoAugmentPolicy policy) {
    Policy auto =
        policy(
            "auto-augment",
            Map.of("policy", policy == AutoAugmentPolicy.CIFAR10 ? "cifar10" : "imagenet"));
    Map<PolicyOperation, Double> expectedOf = new HashMap<>();
    for (Pair pair : policy.pairs()) {
      expectedOf.merge(pair.operation(), pair.probability() * DRAWS / 25, Double::sum);
      expectedOf.merge(pair.next(), pair.nextProbability() * DRAWS / 25, Double::sum);
    }
    Map<PolicyOperation, Integer> counts = new HashMap<>();
    for (int example = 0; example < DRAWS; example++) {
      for (PolicyStep step : auto.draw(SHAPE, random(example))) {
        counts.merge(step.operation(), 1, Integer::sum);
      }
    }

    assertThat(counts.keySet()).isEqualTo(expectedOf.keySet());
    // Two of an operation in one draw are not independent: twice the variance bounds it.
    expectedOf.forEach(
        (operation, count) ->
            assertThat((double) counts.get(operation))
                .as("%s", operation)
                .isCloseTo(count, within(1.5 * sixDeviations(count))));
  }

  @Test
  void augMixDrawsSharesThatAddUpToOne() {
    AugMix augMix = (AugMix) create("augmix", Map.of("severity", 2, "max-depth", 2));
    int draws = 2000;
    double[] shares = new double[draws];
    double[] firsts = new double[draws];
    int[] depths = new int[3];
    Map<PolicyOperation, Integer> operations = new HashMap<>();
    for (int example = 0; example < draws; example++) {
      AugMix.Mixture mixture = augMix.draw(SHAPE, random(example));
      double sum = mixture.share();
      for (AugMix.Chain chain : mixture.chains()) {
        sum += chain.share();
        depths[chain.steps().size()]++;
        for (PolicyStep step : chain.steps()) {
          operations.merge(step.operation(), 1, Integer::sum);
          if (step.operation() == PolicyOperation.ROTATE) {
            assertThat(Math.abs(step.magnitude())).isIn(0.0, 30.0 / 9);
          }
        }
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
      assertThat(mixture.chains()).hasSize(3);
      shares[example] = mixture.share();
      firsts[example] = mixture.chains().get(0).share() / (1 - mixture.share());
    }

    Distribution.assertDistributed("share", shares, Distribution.uniform(0, 1));
    // One of three numbers that are uniform among those that add up to 1: Beta(1, 2).
    Distribution.assertDistributed("chain", firsts, value -> 1 - (1 - value) * (1 - value));
    assertThat(depths[1] + depths[2]).isEqualTo(3 * draws);
    assertThat((double) depths[1]).isCloseTo(3000, within(sixDeviations(3000)));
    assertThat(operations.keySet()).containsExactlyInAnyOrderElementsOf(PolicyOperation.OF_AUGMIX);
  }

  @Test
  void augMixMixesWhatItsChainsMakeOfThePicture() {
    Picture original = PictureChangesTest.picture("noise");
    AugMix.Mixture mixture =
        new AugMix.Mixture(
            0.25,
            List.of(
                new AugMix.Chain(0.5, List.of(new PolicyStep(PolicyOperation.INVERT, 0))),
                new AugMix.Chain(
                    0.25,
                    List.of(
                        new PolicyStep(PolicyOperation.INVERT, 0),
                        new PolicyStep(PolicyOperation.INVERT, 0)))));

    byte[] mixed = mixture.of(original).pixels();

    // Half of the original and half of its negative.
    assertThat(mixed).containsOnly((byte) 128);
    assertThat(original.pixels()).isEqualTo(PictureChangesTest.picture("noise").pixels());
  }

  @Test
  void augMixOfOperationsThatChangeNothingIsTheIdentity() {
    AugMix.Chain chain =
        new AugMix.Chain(0.3, List.of(new PolicyStep(PolicyOperation.IDENTITY, 0)));
    Picture original = PictureChangesTest.picture("noise");

    assertThat(new AugMix.Mixture(0.1, List.of(chain, chain, chain)).of(original).pixels())
        .isEqualTo(original.pixels());
  }

  /** Of every operation that has a strength, the weakest changes nothing. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AUTOCONTRAST", "EQUALIZE", "INVERT"})
  void theWeakestOperationIsTheIdentity(PolicyOperation operation) {
    for (int key = 0; key < 4; key++) {
      PolicyStep step =
          operation.draw(new MagnitudeLevel(0, 31), PolicyRanges.WIDE, SHAPE, random(key));
      LazyPicture picture = new LazyPicture(PictureChangesTest.picture("gradient"));
      step.apply(picture, Interpolation.NEAREST);
      byte[] expected = PictureChangesTest.picture("gradient").pixels();
      if (operation == PolicyOperation.SOLARIZE) {
        // At the weakest, 255 alone is inverted.
        for (int i = 0; i < expected.length; i++) {
          expected[i] = expected[i] == (byte) 255 ? 0 : expected[i];
        }
      }
      assertThat(picture.picture().pixels()).isEqualTo(expected);
    }
  }

  @Test
  void anotherKeyGivesAnotherPicture() {
    for (String name : List.of("rand-augment", "trivial-augment", "auto-augment", "augmix")) {
      Set<Integer> pictures =
          IntStream.range(0, 40)
              .mapToObj(key -> Arrays.hashCode(apply(name, Map.of(), key)))
              .collect(Collectors.toSet());
      assertThat(pictures).as(name).hasSizeGreaterThan(10);
    }
  }

  private static byte[] apply(String name, Map<String, Object> options, int key) {
    return Augmentations.of(List.of(new ComponentSettings(name, options)))
        .apply(PictureChangesTest.picture("noise"), SHAPE, random(key))
        .pixels();
  }

  private static double sixDeviations(double expected) {
    return 6 * Math.sqrt(expected);
  }

  private static Policy policy(String name, Map<String, Object> options) {
    return (Policy) create(name, options);
  }

  private static Augmentation create(String name, Map<String, Object> options) {
    return Augmentations.FAMILY.create(new ComponentSettings(name, options));
  }

  private static KeyedRandom random(int example) {
    return KeyedRandom.of(1, Purpose.AUGMENTATION, 0, example);
  }
}
