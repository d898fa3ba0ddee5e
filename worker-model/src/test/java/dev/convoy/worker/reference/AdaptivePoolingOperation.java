package dev.convoy.worker.reference;

import dev.convoy.worker.graph.AdaptivePoolingNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** The largest value or the mean of windows of several sizes. */
record AdaptivePoolingOperation(AdaptivePoolingNode node) implements Operation {
  /** Is told of a window, a pixel in it, and how many pixels it has. */
  private interface Visitor {
    void visit(int window, int pixel, double size);
  }

  private void walk(Visitor visitor) {
    int window = 0;
    for (long row = 0; row < node.rows().count(); row++) {
      for (long column = 0; column < node.columns().count(); column++) {
        long height = node.rows().to(row) - node.rows().from(row);
        long width = node.columns().to(column) - node.columns().from(column);
        for (long y = node.rows().from(row); y < node.rows().to(row); y++) {
          for (long x = node.columns().from(column); x < node.columns().to(column); x++) {
            visitor.visit(
                window, (int) (y * node.columns().pixels() + x), (double) (height * width));
          }
        }
        window++;
      }
    }
  }

  /** Where the first of each window's largest values is. */
  private int[] largest(Values input, int from, int windows) {
    int[] places = new int[windows];
    java.util.Arrays.fill(places, -1);
    walk(
        (window, pixel, size) -> {
          if (places[window] < 0 || input.data()[from + pixel] > input.data()[places[window]]) {
            places[window] = from + pixel;
          }
        });
    return places;
  }

  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    Values input = arguments.get(0);
    Values result = Values.zeros(input.examples(), shape);
    for (int plane = 0; plane < input.examples() * input.channels(); plane++) {
      int from = plane * input.plane();
      int to = plane * result.plane();
      if (node.isMaximum()) {
        int[] places = largest(input, from, result.plane());
        for (int i = 0; i < places.length; i++) {
          result.data()[to + i] = input.data()[places[i]];
        }
      } else {
        walk(
            (window, pixel, size) ->
                result.data()[to + window] += input.data()[from + pixel] / size);
      }
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    Values input = arguments.get(0);
    Values inputGradient = input.zerosAlike();
    for (int plane = 0; plane < input.examples() * input.channels(); plane++) {
      int from = plane * input.plane();
      int to = plane * result.plane();
      if (node.isMaximum()) {
        int[] places = largest(input, from, result.plane());
        for (int i = 0; i < places.length; i++) {
          inputGradient.data()[places[i]] += gradient.data()[to + i];
        }
      } else {
        walk(
            (window, pixel, size) ->
                inputGradient.data()[from + pixel] += gradient.data()[to + window] / size);
      }
    }
    return List.of(inputGradient);
  }
}
