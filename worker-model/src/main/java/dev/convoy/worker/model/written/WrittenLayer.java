package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import java.util.List;
import java.util.Optional;

/**
 * An element of a list of layers.
 *
 * @param kind the name of the layer's kind
 * @param from the name of the value that the layer reads; empty for the one before it
 * @param as what its result is called, so that others can read it
 * @param layer what it is
 */
record WrittenLayer(String kind, Optional<String> from, Optional<String> as, LayerKind layer) {
  private static final Option<Optional<String>> FROM =
      Option.optional(
          "from",
          ValueNames.TYPE,
          "the name of the value that it reads; null for the result of the layer before it");

  private static final Option<Optional<String>> AS =
      Option.optional(
          "as", ValueNames.TYPE, "what its result is called, to be read elsewhere; also itself");

  /** A kind of layer, with the options that all kinds have. */
  static Component<WrittenLayer> of(Component<? extends LayerKind> kind) {
    return kind.extended(
        kind.name(),
        List.of(FROM, AS),
        (layer, options) ->
            new WrittenLayer(kind.name(), options.value(FROM), options.value(AS), layer));
  }
}
