package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Family;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.normalization.PixelNormalizations;
import dev.convoy.driver.averaging.AveragingStrategies;
import dev.convoy.driver.termination.TerminationRules;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.ensemble.CombinationMethods;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.ChannelNormalization;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.initialization.Initializations;
import dev.convoy.worker.model.written.LayerKinds;
import dev.convoy.worker.optimizer.Optimizers;
import dev.convoy.worker.schedule.MomentumSchedules;
import dev.convoy.worker.schedule.Schedules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares {@code defaults.conf} and {@code docs/reference.md} with the declarations. */
class KeyReferenceTest {
  private static final Path REFERENCE = Path.of("..", "docs", "reference.md");

  /** If it is set, the reference is written rather than compared. */
  private static final String WRITE = "CONVOY_WRITE_REFERENCE";

  /** Keys of several notations, or whose values are blocks. */
  private static final Set<String> WITHOUT_TYPE =
      Set.of("data.test", "spark.conf", "ensemble.distill.run", "ensemble.variants");

  static Stream<ComponentBlock> blocks() {
    return Stream.concat(Stream.of(ComponentBlock.MODEL), ComponentBlock.ALL.stream());
  }

  @Test
  void everyKeyOfTheDefaultsHasATypeAndEveryTypeADefault() {
    Set<String> keys = leaves().keySet();
    assertThat(keys)
        .containsAll(Defaults.types().keySet())
        .allMatch(
            key ->
                Defaults.types().containsKey(key)
                    || WITHOUT_TYPE.contains(key)
                    || ComponentBlock.optionKeys().contains(key));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void theDefaultsMentionEveryMemberAndEveryOption(ComponentBlock block) {
    ConfigObject defaults =
        Defaults.CONFIG.getConfig(block.key("name").replaceFirst("\\.name$", "")).root();
    String comment =
        String.join(" ", defaults.values().stream().map(KeyReferenceTest::comment).toList());
    for (Component<?> member : block.family().members()) {
      assertThat(comment).containsPattern("(?<![\\w-])" + member.name() + "(?![\\w-])");
      for (Option<?> option : member.options()) {
        assertThat(defaults.containsKey(option.name()) || comment.contains(option.name()))
            .as("%s of %s", option.name(), member.name())
            .isTrue();
      }
    }
  }

  @Test
  void theReferenceIsThatOfTheDeclarations() throws IOException {
    String reference = reference();
    if (System.getenv(WRITE) != null) {
      Files.writeString(REFERENCE, reference);
    }
    assertThat(Files.exists(REFERENCE) ? Files.readString(REFERENCE) : "")
        .as(
            "docs/reference.md; to write it anew: %s=1 mvn test -pl driver -am"
                + " -Dtest=KeyReferenceTest -Dsurefire.failIfNoSpecifiedTests=false",
            WRITE)
        .isEqualTo(reference);
  }

  /**
   * A key that has a value.
   *
   * @param value the default
   * @param meaning its comment, for the first of a block after the block's
   */
  private record Leaf(ConfigValue value, String meaning) {}

  /** Every key, in the order of the file. */
  private static Map<String, Leaf> leaves() {
    Map<String, Leaf> leaves = new LinkedHashMap<>();
    addLeaves("", "", Defaults.CONFIG.root(), leaves);
    return leaves;
  }

  private static void addLeaves(
      String prefix, String meaning, ConfigObject object, Map<String, Leaf> leaves) {
    int before = leaves.size();
    object.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, ConfigValue>>comparingInt(
                    entry -> entry.getValue().origin().lineNumber())
                .thenComparing(Map.Entry::getKey))
        .forEach(
            entry -> {
              String key = prefix + entry.getKey();
              String ofBlock = leaves.size() == before ? meaning : "";
              String comment = (ofBlock + " " + comment(entry.getValue())).strip();
              if (entry.getValue() instanceof ConfigObject block && !WITHOUT_TYPE.contains(key)) {
                addLeaves(key + ".", comment, block, leaves);
              } else {
                leaves.put(key, new Leaf(entry.getValue(), comment));
              }
            });
  }

  private static String comment(ConfigValue value) {
    return String.join(" ", value.origin().comments().stream().map(String::strip).toList());
  }

  private static String reference() {
    StringBuilder text =
        new StringBuilder(
            """
            # Reference

            Written by `KeyReferenceTest` from conf/defaults.conf and the declarations of the components.

            ## Keys

            | Key | Default | Values | Meaning |
            |---|---|---|---|
            """);
    leaves()
        .forEach(
            (key, leaf) -> {
              ValueType<?> type = Defaults.types().get(key);
              String expected = type == null ? "" : type.expected();
              text.append(
                  row("`" + key + "`", code(Hocon.text(leaf.value())), expected, leaf.meaning()));
            });
    append(text, "Models", "model", Models.FAMILY);
    append(text, "Layers", "model.layers", LayerKinds.FAMILY);
    append(text, "Normalizations", "model.normalization", ChannelNormalization.FAMILY);
    append(text, "Initialisations", "model.initialization", Initializations.FAMILY);
    append(
        text,
        "Initialisations on data",
        "training.data-initialization",
        DataInitializations.FAMILY);
    append(text, "Normalizations of pixels", "data.normalize", PixelNormalizations.FAMILY);
    append(text, "Augmentations", "augment", Augmentations.FAMILY);
    append(text, "Losses", "loss", Losses.FAMILY);
    append(text, "Optimizers", "optimizer", Optimizers.FAMILY);
    append(text, "Schedules of the learning rate", "optimizer.schedule", Schedules.FAMILY);
    append(text, "Schedules of momentum", "optimizer.momentum-schedule", MomentumSchedules.FAMILY);
    append(text, "Averaging strategies", "averaging", AveragingStrategies.FAMILY);
    append(text, "Rules of early termination", "search.early-termination", TerminationRules.FAMILY);
    append(text, "Combination rules", "ensemble.combine", CombinationMethods.FAMILY);
    return text.toString();
  }

  private static void append(StringBuilder text, String title, String key, Family<?> family) {
    text.append("\n## ").append(title).append("\n\nNames and options of `").append(key);
    text.append("`.\n");
    for (Component<?> member : family.members()) {
      text.append("\n### ").append(member.name()).append("\n\n");
      text.append(Character.toUpperCase(member.meaning().charAt(0)));
      text.append(member.meaning().substring(1)).append(". ");
      text.append(member.paper().map(paper -> paper + ".").orElse(""));
      text.setLength(text.toString().stripTrailing().length());
      text.append('\n');
      if (!member.options().isEmpty()) {
        text.append("\n| Option | Default | Values | Meaning |\n|---|---|---|---|\n");
      }
      for (Option<?> option : member.options()) {
        String value = option.plainDefault().map(String::valueOf).orElse("null");
        text.append(
            row(
                "`" + option.name() + "`",
                code(value),
                option.type().expected(),
                option.meaning()));
      }
    }
  }

  private static String code(String value) {
    return "`" + value + "`";
  }

  private static String row(String... cells) {
    return Stream.of(cells)
            .map(cell -> cell.replace("|", "\\|").replace("<", "&lt;"))
            .reduce("", (row, cell) -> row + "| " + cell + " ")
        + "|\n";
  }
}
