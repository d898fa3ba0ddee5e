package dev.convoy.worker.optimizer;

import java.io.Serializable;
import java.util.Collection;
import java.util.List;

/**
 * Some layers of a network, by their names.
 *
 * @param patterns names in which * stands for any letters; a layer that fits one of them is meant
 */
public record LayerNames(List<String> patterns) implements Serializable {
  /** Every layer. */
  public static final LayerNames ALL = new LayerNames(List.of("*"));

  /** No layer. */
  public static final LayerNames NONE = new LayerNames(List.of());

  /** Copies the patterns. */
  public LayerNames {
    patterns = List.copyOf(patterns);
  }

  /** Whether a layer is meant. */
  public boolean contain(String layer) {
    return patterns.stream().anyMatch(pattern -> fits(pattern, layer));
  }

  /** The patterns that none of some layers fits. */
  public List<String> without(Collection<String> layers) {
    return patterns.stream()
        .filter(pattern -> layers.stream().noneMatch(layer -> fits(pattern, layer)))
        .toList();
  }

  private static boolean fits(String pattern, String layer) {
    return layer.matches(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q"));
  }
}
