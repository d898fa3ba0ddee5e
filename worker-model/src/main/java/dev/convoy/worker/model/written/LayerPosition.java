package dev.convoy.worker.model.written;

import dev.convoy.data.Text;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.LayerException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a layer stands in a network that was written out.
 *
 * @param path in the list of layers, counted from 0: {@code [3].of[1][0]}
 * @param number the same for people, counted from 1: {@code 4.2.1} for the first layer of the
 *     second branch of the fourth layer
 * @param kind the name of the layer's kind; empty if that is not known
 */
record LayerPosition(String path, String number, String kind) {
  private static final Pattern LAYER =
      Pattern.compile("\\[\\d+](?:\\." + JoiningKind.BRANCHES + "\\[\\d+]\\[\\d+])*");

  private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");

  /** Where a list of layers stands. */
  record OfList(String path, String number) {
    /** That of the whole network. */
    static final OfList TOP = new OfList("", "");

    /** One of its layers, counted from 0. */
    LayerPosition layer(int index, String kind) {
      return new LayerPosition(path + "[" + index + "]", number + (index + 1), kind);
    }
  }

  /** One of the layer's branches, counted from 0. */
  OfList branch(int index) {
    String within = "." + JoiningKind.BRANCHES + "[" + index + "]";
    return new OfList(path + within, number + "." + (index + 1) + ".");
  }

  /** The innermost layer that a path into a list leads through; empty if it leads to none. */
  static Optional<LayerPosition> of(String path, Object layers) {
    Matcher layer = LAYER.matcher(path);
    if (!layer.lookingAt()) {
      return Optional.empty();
    }
    StringBuilder number = new StringBuilder();
    Object value = layers;
    for (Matcher index = INDEX.matcher(layer.group()); index.find(); ) {
      int i = Integer.parseInt(index.group(1));
      number.append(number.isEmpty() ? "" : ".").append(i + 1);
      Object list = value instanceof Map<?, ?> joining ? joining.get(JoiningKind.BRANCHES) : value;
      value = ((List<?>) list).get(i);
    }
    return Optional.of(new LayerPosition(layer.group(), number.toString(), kind(value)));
  }

  private static String kind(Object layer) {
    Object name = layer instanceof Map<?, ?> block ? block.get(ComponentSettings.NAME_KEY) : layer;
    return LayerKinds.FAMILY.names().contains(String.valueOf(name)) ? name.toString() : "";
  }

  /** The number and the kind. */
  String text() {
    return "layer " + number + (kind.isEmpty() ? "" : ", " + kind);
  }

  /** The layer cannot be there. */
  LayerException unfit(String format, Object... values) {
    return new LayerException(path, text() + ": " + Text.of(format, values));
  }
}
