package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.Head;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.Shape;
import dev.convoy.worker.loss.PerceptronCriterion;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A graph computed node by node, and softmax with cross-entropy behind it. */
final class ReferenceNetwork {
  private final Graph graph;
  private final Map<String, Shape> shapes;
  private final Map<String, Values> values = new HashMap<>();

  ReferenceNetwork(Graph graph) {
    this.graph = graph;
    this.shapes = graph.shapes();
  }

  /**
   * Class probabilities.
   *
   * @param images axes [example, channel, row, column]
   * @return axes [example, class]
   */
  double[] probabilities(float[] images, int size, Pass pass) {
    double[] pixels = new double[images.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = images[i];
    }
    values.clear();
    values.put(graph.imageName(), new Values(size, graph.image(), pixels));
    for (Node node : graph.nodes()) {
      values.put(
          node.name(), Operations.of(node).forward(arguments(node), shapes.get(node.name()), pass));
    }
    return softmax(values.get(graph.logits()).data(), size);
  }

  private static double[] softmax(double[] logits, int size) {
    double[] probabilities = new double[logits.length];
    int classes = logits.length / size;
    for (int from = 0; from < logits.length; from += classes) {
      double largest = Arrays.stream(logits, from, from + classes).max().orElseThrow();
      double sum = 0;
      for (int i = from; i < from + classes; i++) {
        probabilities[i] = Math.exp(logits[i] - largest);
        sum += probabilities[i];
      }
      for (int i = from; i < from + classes; i++) {
        probabilities[i] /= sum;
      }
    }
    return probabilities;
  }

  /** max z - Σ q z; its gradient is 1 where z is largest, less q. */
  private static double perceptron(double[] logits, double[] targets, int size, double[] gradient) {
    int classes = logits.length / size;
    double loss = 0;
    for (int from = 0; from < logits.length; from += classes) {
      int largest = from;
      for (int i = from; i < from + classes; i++) {
        largest = logits[i] > logits[largest] ? i : largest;
        loss -= targets[i] * logits[i];
        gradient[i] = -targets[i];
      }
      loss += logits[largest];
      gradient[largest] += 1;
    }
    return loss;
  }

  private static double crossEntropy(
      double[] logits, double[] targets, int size, double[] gradient) {
    double[] probabilities = softmax(logits, size);
    double loss = 0;
    for (int i = 0; i < targets.length; i++) {
      loss -= targets[i] == 0 ? 0 : targets[i] * Math.log(probabilities[i]);
      gradient[i] = probabilities[i] - targets[i];
    }
    return loss;
  }

  /**
   * The mean loss of all heads; the sum's gradient is added to the pass' parameters.
   *
   * @param targets axes [example, class]
   */
  double gradient(float[] images, double[] targets, int size, Pass pass) {
    probabilities(images, size, pass);
    return backward(targets, 0, size, pass);
  }

  /**
   * The same of images and then their partners, which have no targets: the gradient has that of
   * coefficient times {@link #distance} in addition.
   *
   * @param size images that have targets
   */
  double pairedGradient(float[] pairs, double[] targets, double coefficient, int size, Pass pass) {
    probabilities(pairs, 2 * size, pass);
    return backward(targets, coefficient, size, pass);
  }

  /** Σ ‖z' - z‖² between the last values of partners and images in the last way forward. */
  double distance() {
    double[] logits = values.get(graph.logits()).data();
    double sum = 0;
    for (int i = 0; i < logits.length / 2; i++) {
      sum += Math.pow(logits[logits.length / 2 + i] - logits[i], 2);
    }
    return sum;
  }

  private double backward(double[] targets, double coefficient, int size, Pass pass) {
    double loss = 0;
    Map<String, Values> gradients = new HashMap<>();
    for (Head head : graph.heads()) {
      Values logits = values.get(head.logits());
      Values difference = logits.zerosAlike();
      double[] ofImages = Arrays.copyOf(logits.data(), targets.length);
      double ofHead =
          head.loss() instanceof PerceptronCriterion
              ? perceptron(ofImages, targets, size, difference.data())
              : crossEntropy(ofImages, targets, size, difference.data());
      loss += head.weight() * ofHead;
      Arrays.setAll(difference.data(), i -> head.weight() * difference.data()[i]);
      if (coefficient > 0 && head.logits().equals(graph.logits())) {
        for (int i = 0; i < targets.length; i++) {
          double apart = logits.data()[targets.length + i] - logits.data()[i];
          difference.data()[targets.length + i] += 2 * coefficient * apart;
          difference.data()[i] -= 2 * coefficient * apart;
        }
      }
      gradients.put(head.logits(), difference);
    }
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      List<Values> contributions =
          Operations.of(node)
              .backward(arguments(node), values.get(node.name()), gradients.get(node.name()), pass);
      for (int input = 0; input < contributions.size(); input++) {
        String name = node.inputs().get(input);
        gradients
            .computeIfAbsent(name, n -> values.get(n).zerosAlike())
            .add(contributions.get(input));
      }
    }
    return loss / size;
  }

  private List<Values> arguments(Node node) {
    return node.inputs().stream().map(values::get).toList();
  }
}
