package dev.convoy.worker.model.written;

import dev.convoy.data.component.ComponentSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Layers as configurations hold them. */
public final class Layers {
  private Layers() {}

  /** A layer with options, names and values in turn. */
  public static Map<String, Object> layer(String kind, Object... options) {
    Map<String, Object> layer = new HashMap<>(Map.of(ComponentSettings.NAME_KEY, kind));
    for (int i = 0; i < options.length; i += 2) {
      layer.put((String) options[i], options[i + 1]);
    }
    return layer;
  }

  /** A network of layers, each by its name alone or a {@link #layer}. */
  public static ComponentSettings network(Object... layers) {
    return new ComponentSettings("layers", Map.of("layers", List.of(layers)));
  }
}
