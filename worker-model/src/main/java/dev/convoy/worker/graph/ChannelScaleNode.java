package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.ChannelScale;
import java.util.List;

/** Images, the first argument, times a number for each channel of each image, the second. */
public record ChannelScaleNode(String name, List<String> inputs) implements Node {

  static void read(Reading reading, ChannelScale vertex) {
    reading.add(new ChannelScaleNode(reading.name(), reading.inputs()));
  }

  @Override
  public ChannelScaleNode reading(List<String> others) {
    return new ChannelScaleNode(name, others);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
