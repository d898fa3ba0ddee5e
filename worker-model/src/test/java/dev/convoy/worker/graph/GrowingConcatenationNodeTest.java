package dev.convoy.worker.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowingConcatenationNodeTest {
  private static final Shape IMAGE = Shape.image(3, 4, 4);

  private static List<GrowingConcatenationNode> growing(Graph graph) {
    return GrowingConcatenationNode.joinChains(graph).nodes().stream()
        .filter(GrowingConcatenationNode.class::isInstance)
        .map(GrowingConcatenationNode.class::cast)
        .toList();
  }

  private static Graph graph(ConcatenationNode... nodes) {
    return new Graph("images", IMAGE, List.of(nodes));
  }

  private static ConcatenationNode joined(String name, String... inputs) {
    return new ConcatenationNode(name, List.of(inputs));
  }

  @Test
  void eachDenseBlockIsOneChain() throws Exception {
    InputShape input = new InputShape(32, 32, 3, 10);
    Graph graph =
        GraphReader.read(
            Models.configuration(ComponentSettings.defaults("densenet-bc-40-12"), input), input);
    List<GrowingConcatenationNode> growing = growing(graph);
    assertThat(growing).hasSize(18);
    assertThat(growing).extracting(GrowingConcatenationNode::room).startsWith(96L, 96L, 96L);
    assertThat(growing).filteredOn(GrowingConcatenationNode::isFirst).hasSize(3);
    assertThat(GrowingConcatenationNode.joinChains(graph).shapes()).isEqualTo(graph.shapes());
  }

  @Test
  void aConcatenationOnItsOwnStaysAsItIs() {
    Graph graph = graph(joined("a", "images", "images"), joined("b", "images", "a"));
    assertThat(GrowingConcatenationNode.joinChains(graph)).isEqualTo(graph);
  }

  @Test
  void ofTwoThatGoOnFromTheSameOneTheSecondIsOnItsOwn() {
    Graph graph =
        graph(
            joined("a", "images", "images"),
            joined("b", "a", "images"),
            joined("c", "a", "images"),
            joined("d", "b", "c"));
    assertThat(growing(graph))
        .containsExactly(
            new GrowingConcatenationNode("a", List.of("images", "images"), true, 18),
            new GrowingConcatenationNode("b", List.of("a", "images"), false, 18),
            new GrowingConcatenationNode("d", List.of("b", "c"), false, 18));
  }
}
