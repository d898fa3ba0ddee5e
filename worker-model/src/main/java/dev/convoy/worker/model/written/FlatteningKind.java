package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/** All values of an image as a vector; dense layers see images so without it. */
record FlatteningKind() implements LayerKind {
  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named(
                  "flatten", "an image as a vector, to be joined with others; dense needs none")
              .createdBy(options -> new FlatteningKind()));

  @Override
  public void addTo(LayerPlace place) {
    if (place.before() instanceof InputType.InputTypeConvolutional images) {
      place.then(
          new PreprocessorVertex(
              new CnnToFeedForwardPreProcessor(
                  images.getHeight(), images.getWidth(), images.getChannels())));
    }
  }
}
