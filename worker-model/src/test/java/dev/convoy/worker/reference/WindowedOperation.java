package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Shape;
import java.util.Arrays;
import java.util.List;

/** The largest value or the mean of each window, whichever the windows are. */
interface WindowedOperation extends Operation {
  /** Whether the largest value is taken. */
  boolean isMaximum();

  /** Visits every pixel of every window of a plane. */
  void walk(Values input, Windows.Visitor visitor);

  @Override
  default Values forward(List<Values> arguments, Shape shape, Pass pass) {
    Values input = arguments.get(0);
    Values result = Values.zeros(input.examples(), shape);
    for (int plane = 0; plane < input.examples() * input.channels(); plane++) {
      int from = plane * input.plane();
      int to = plane * result.plane();
      if (isMaximum()) {
        int[] places = largest(input, from, result.plane());
        for (int i = 0; i < places.length; i++) {
          result.data()[to + i] = input.data()[places[i]];
        }
      } else {
        double[] counts = counts(input, result.plane());
        walk(
            input,
            (target, pixel, element) ->
                result.data()[to + target] += input.data()[from + pixel] / counts[target]);
      }
    }
    return result;
  }

  @Override
  default List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    Values input = arguments.get(0);
    Values inputGradient = input.zerosAlike();
    for (int plane = 0; plane < input.examples() * input.channels(); plane++) {
      int from = plane * input.plane();
      int to = plane * result.plane();
      if (isMaximum()) {
        int[] places = largest(input, from, result.plane());
        for (int i = 0; i < places.length; i++) {
          inputGradient.data()[places[i]] += gradient.data()[to + i];
        }
      } else {
        double[] counts = counts(input, result.plane());
        walk(
            input,
            (target, pixel, element) ->
                inputGradient.data()[from + pixel] +=
                    gradient.data()[to + target] / counts[target]);
      }
    }
    return List.of(inputGradient);
  }

  /** What each window's sum is divided by. */
  default double[] counts(Values input, int windows) {
    double[] counts = new double[windows];
    walk(input, (target, pixel, element) -> counts[target]++);
    return counts;
  }

  /** Where the first of each window's largest values is. */
  private int[] largest(Values input, int from, int windows) {
    int[] places = new int[windows];
    Arrays.fill(places, -1);
    walk(
        input,
        (target, pixel, element) -> {
          if (places[target] < 0 || input.data()[from + pixel] > input.data()[places[target]]) {
            places[target] = from + pixel;
          }
        });
    return places;
  }
}
