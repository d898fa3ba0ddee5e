package dev.convoy.worker.model.initialization;

import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.Distribution;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** What is inside of a scheme that is a distribution with numbers of its own. */
final class SchemeDistribution {
  private SchemeDistribution() {}

  /** The scheme's distribution, if it has one of such a kind. */
  static <D extends Distribution> Optional<D> of(IWeightInit scheme, Class<D> kind) {
    return scheme instanceof WeightInitDistribution held
        ? Optional.of(distribution(held)).filter(kind::isInstance).map(kind::cast)
        : Optional.empty();
  }

  /** Deeplearning4j 1.0.0-M2.1 shows it in JSON alone. */
  private static Distribution distribution(WeightInitDistribution scheme) {
    ObjectMapper mapper = NeuralNetConfiguration.mapper();
    JsonNode node = mapper.valueToTree(scheme);
    try {
      return mapper.treeToValue(node.required("distribution"), Distribution.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What Deeplearning4j wrote, it does not read", e);
    }
  }
}
