package dev.convoy.worker.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecomputedSegmentsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet-20",
        "resnet-50",
        "densenet-bc-40-12",
        "vgg-11",
        "googlenet",
        "lenet-5",
        "linear"
      })
  void onlyTheLastValueOfASegmentGoesOn(String model) throws Exception {
    Graph graph = graph(model);
    List<List<Node>> segments = RecomputedSegments.of(graph);
    assertThat(segments.stream().flatMap(List::stream)).isEqualTo(graph.nodes());
    for (int i = 1; i < segments.size(); i++) {
      Set<String> within = new HashSet<>();
      List<Node> before = segments.get(i - 1);
      within.add(graph.imageName());
      within.add(before.get(before.size() - 1).name());
      for (Node node : segments.get(i)) {
        assertThat(within).containsAll(node.inputs());
        within.add(node.name());
      }
    }
  }

  @Test
  void residualNetworksAreCutBehindTheirBlocks() throws Exception {
    List<List<Node>> segments = RecomputedSegments.of(graph("resnet-20"));
    assertThat(segments.size()).isGreaterThan(3);
    assertThat(segments.subList(1, segments.size() - 1))
        .allSatisfy(
            segment -> assertThat(segment.get(segment.size() - 1)).isInstanceOf(SumNode.class));
  }

  @Test
  void aChainIsCutWhereWhatIsKeptAndTheLargestSegmentAreSmallestTogether() {
    Graph chain = chain(16);
    List<List<Node>> segments = RecomputedSegments.of(chain);
    // Of n equal values, n / k are kept, and a segment has k - 1 beside: k is the root of n.
    assertThat(segments).allSatisfy(segment -> assertThat(segment).hasSize(4));
  }

  private static Graph chain(int length) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 1; i <= length; i++) {
      nodes.add(new ActivationNode("v" + i, List.of("v" + (i - 1)), Activation.RELU));
    }
    return new Graph("v0", Shape.image(3, 4, 4), nodes);
  }

  private static Graph graph(String model) throws Exception {
    InputShape input = new InputShape(64, 64, 3, 10);
    Graph graph =
        GraphReader.read(Models.configuration(ComponentSettings.defaults(model), input), input);
    return GrowingConcatenationNode.joinChains(Fusion.forTraining(graph));
  }
}
