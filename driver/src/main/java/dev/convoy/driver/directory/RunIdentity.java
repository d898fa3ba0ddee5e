package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.Text;
import dev.convoy.driver.Version;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What the result of a run depends on, as named texts. Every checkpoint and summary.json hold it,
 * and what goes on from there compares it with its own. Driver only.
 *
 * <p>To compare one thing more, add a {@link Field} and give its value where the identity is made:
 * in {@code TrainingRun}.
 *
 * @param values of the fields that are known; not to be written to
 */
public record RunIdentity(Map<Field, String> values) {
  /** Of the form in which it is written; another one is refused. */
  static final int FORMAT = 1;

  private static final String FORMAT_KEY = "format";
  private static final String RESTORE_OR_OVERWRITE = "Restore them, or begin anew with --overwrite";

  /** Something that the result depends on. */
  public enum Field {
    /** The version of Convoy. */
    VERSION("convoy", "version of Convoy", Consequence.NOTE, ""),
    /** A digest of the keys that decide the result; compared within one version of Convoy. */
    CONFIGURATION(
        "configuration",
        "configuration",
        Consequence.CONFIGURATION_ERROR,
        "Choose another with output=…, or begin anew with --overwrite"),
    /** The names, lengths and times of the training and validation images. */
    IMAGES_LISTED(
        "images-listed", "list of images", Consequence.CHANGED_IMAGES, RESTORE_OR_OVERWRITE),
    /** The decoded training and validation images, their weights and numbers. */
    IMAGES_PACKED(
        "images-packed", "decoded images", Consequence.CHANGED_IMAGES, RESTORE_OR_OVERWRITE),
    /** The targets of a network that learns from an ensemble. */
    TEACHER("teacher", "ensemble to learn from", Consequence.CHANGED_INPUT, RESTORE_OR_OVERWRITE),
    /** The parameters of the network that the run begins with layers of. */
    TRANSFERRED(
        "transferred-model",
        "model to take layers from",
        Consequence.CHANGED_INPUT,
        "Restore it, or begin anew with --overwrite"),
    /** How many parameters the network has, which a version of Convoy may make otherwise. */
    PARAMETERS(
        "parameters",
        "number of parameters",
        Consequence.CHANGED_INPUT,
        "Go on with the version of Convoy that it began with, or begin anew with --overwrite"),
    /** The instruction set of the processors. */
    INSTRUCTION_SET("instruction-set", "instruction set", Consequence.NOTE, ""),
    /** The version of oneDNN, where it computes. */
    ONE_DNN("onednn", "version of oneDNN", Consequence.NOTE, ""),
    /** The kinds of devices that executors compute on, with the versions of their libraries. */
    DEVICE("device", "device", Consequence.NOTE, ""),
    /** CPU threads of each worker. */
    THREADS("threads-per-worker", "number of threads per worker", Consequence.NOTE, "");

    private final String key;
    private final String noun;
    private final Consequence consequence;
    private final String remedy;

    Field(String key, String noun, Consequence consequence, String remedy) {
      this.key = key;
      this.noun = noun;
      this.consequence = consequence;
      this.remedy = remedy;
    }

    /** The name in JSON. */
    public String key() {
      return key;
    }
  }

  /** What follows when a field is not what it was. */
  private enum Consequence {
    CONFIGURATION_ERROR,
    CHANGED_IMAGES,
    CHANGED_INPUT,
    /** The run goes on, and says that its last bits differ. */
    NOTE
  }

  private record Difference(Field field, String then, String now) {}

  /** Of a configuration in this version of Convoy, and of nothing else yet. */
  public static RunIdentity of(EffectiveText text) {
    return new RunIdentity(new EnumMap<>(Field.class))
        .with(Field.VERSION, Version.NUMBER)
        .with(
            Field.CONFIGURATION,
            DigestUtils.sha256Hex(text.identity().getBytes(StandardCharsets.UTF_8)));
  }

  /** With a field in addition. */
  public RunIdentity with(Field field, String value) {
    Map<Field, String> more = new EnumMap<>(Field.class);
    more.putAll(values);
    more.put(field, value);
    return new RunIdentity(more);
  }

  /** With a number in addition. */
  public RunIdentity with(Field field, long value) {
    return with(field, Long.toString(value));
  }

  /** With a field in addition, if there is something to say of it. */
  public RunIdentity with(Field field, Optional<String> value) {
    return value.map(known -> with(field, known)).orElse(this);
  }

  /** The value of a field; empty if it is unknown. */
  public Optional<String> value(Field field) {
    return Optional.ofNullable(values.get(field));
  }

  /** An object with a format and, for every field that is known, its value as text. */
  public ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put(FORMAT_KEY, FORMAT);
    values.forEach((field, value) -> node.put(field.key, value));
    return node;
  }

  /** Empty for anything that {@link #toJson} did not write. */
  public static Optional<RunIdentity> parse(JsonNode node) {
    Map<Field, String> values = new EnumMap<>(Field.class);
    for (Field field : Field.values()) {
      JsonNode value = node.path(field.key);
      if (value.isTextual()) {
        values.put(field, value.textValue());
      } else if (!value.isMissingNode()) {
        return Optional.empty();
      }
    }
    JsonNode format = node.path(FORMAT_KEY);
    boolean valid =
        format.isInt()
            && format.intValue() == FORMAT
            && values.containsKey(Field.VERSION)
            && values.getOrDefault(Field.CONFIGURATION, "").matches("[0-9a-f]{64}");
    return valid ? Optional.of(new RunIdentity(values)) : Optional.empty();
  }

  /** Whether what was left by the other is another run's. */
  public boolean isRefused(RunIdentity then) {
    return differences(then).stream().anyMatch(RunIdentity::isRefusal);
  }

  /**
   * Makes sure that this run may go on with what the other left.
   *
   * @param location of what was left, for messages
   * @return what else differs, a sentence each, for people
   * @throws ConfigurationException if it was left by another configuration
   * @throws ChangedImagesException if it was made of other images
   * @throws ChangedInputException if it learned from another ensemble, began with another model, or
   *     trained a network with another number of parameters
   */
  public List<String> goOnFrom(RunIdentity then, String location) {
    List<String> notes = new ArrayList<>();
    Optional<String> listedThen = then.value(Field.IMAGES_LISTED);
    if (sameImages(then) && !listedThen.equals(value(Field.IMAGES_LISTED))) {
      notes.add(
          Text.of(
              "note: the files of the images have other names, lengths or times than when %s began;"
                  + " the images that they hold are the same",
              location));
    }
    for (Difference difference : differences(then)) {
      Field field = difference.field;
      switch (field.consequence) {
        case CONFIGURATION_ERROR -> throw new ConfigurationException(refusal(difference, location));
        case CHANGED_IMAGES -> throw new ChangedImagesException(refusal(difference, location));
        case CHANGED_INPUT -> throw new ChangedInputException(field, refusal(difference, location));
        case NOTE ->
            notes.add(
                Text.of(
                    "note: %s began with another %s (%s = %s there, %s here): the last bits of its"
                        + " parameters will differ",
                    location, field.noun, field.key, difference.then, difference.now));
      }
    }
    return notes;
  }

  private static String refusal(Difference difference, String location) {
    Field field = difference.field;
    return Text.of(
        "Cannot go on with %s: expected the %s it began with (%s = %s), found another (%s). %s.",
        location, field.noun, field.key, difference.then, difference.now, field.remedy);
  }

  /** A field that one of both does not know is not compared; what is refused comes first. */
  private List<Difference> differences(RunIdentity then) {
    boolean sameVersion = value(Field.VERSION).equals(then.value(Field.VERSION));
    List<Difference> differences = new ArrayList<>();
    for (Field field : Field.values()) {
      String before = then.values.get(field);
      String now = values.get(field);
      // Another version has other defaults, so its digest says nothing; config.conf decides.
      // Files that were copied have other times, and the same images: these decide.
      boolean comparable =
          switch (field) {
            case CONFIGURATION -> sameVersion;
            case IMAGES_LISTED ->
                value(Field.IMAGES_PACKED).isEmpty() || then.value(Field.IMAGES_PACKED).isEmpty();
            default -> true;
          };
      if (before != null && now != null && comparable && !before.equals(now)) {
        differences.add(new Difference(field, before, now));
      }
    }
    differences.sort((a, b) -> Boolean.compare(isRefusal(b), isRefusal(a)));
    return differences;
  }

  private boolean sameImages(RunIdentity then) {
    Optional<String> packed = value(Field.IMAGES_PACKED);
    return packed.isPresent() && packed.equals(then.value(Field.IMAGES_PACKED));
  }

  private static boolean isRefusal(Difference difference) {
    return difference.field.consequence != Consequence.NOTE;
  }
}
