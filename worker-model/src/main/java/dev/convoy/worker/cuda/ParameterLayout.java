package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.Kernels;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.Weighting;
import dev.convoy.worker.optimizer.Segment;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a network's parameters are in the device's vector: segment after segment, each from a
 * multiple of 64 values on, with zeros between. Filters of convolutions have their channels last,
 * axes [filter, row, column, channel]. Those whose gradients come straight from convolutions are in
 * front of all others.
 */
final class ParameterLayout {
  /** Values between the beginnings of which kernels look up the segment. */
  static final int BLOCK = 64;

  private final List<Segment> segments;
  private final long[] places;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, Filters> filters = new HashMap<>();
  private long filterValues;
  private long length;

  /** How a segment holds filters. */
  private record Filters(Kernels kernels, int elements) {
    int count() {
      return Math.toIntExact(kernels.groups() * kernels.filters());
    }

    int channels() {
      return Math.toIntExact(kernels.channels());
    }

    /** Values of one. */
    int size() {
      return channels() * elements;
    }

    /** Between the values of neighbouring elements in the network's order. */
    int step() {
      return Math.toIntExact(kernels.step());
    }

    /** Between those of neighbouring channels. */
    int stepOfChannel() {
      return step() * elements;
    }
  }

  /**
   * Lays out the parameters of a network.
   *
   * @param segments of the flat vector, in its order
   */
  ParameterLayout(List<Segment> segments, Graph graph) {
    this.segments = List.copyOf(segments);
    places = new long[segments.size()];
    for (int i = 0; i < segments.size(); i++) {
      numbers.put(key(segments.get(i).layer(), segments.get(i).parameter()), i);
    }
    List<Integer> first = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node instanceof ConvolutionNode convolution) {
        Kernels kernels = convolution.kernels();
        int number = number(convolution.layer(), kernels.parameter());
        filters.put(number, new Filters(kernels, Math.toIntExact(convolution.window().elements())));
        if (convolution.weighting() instanceof Weighting.Plain) {
          first.add(number);
        }
      }
    }
    first.forEach(this::append);
    filterValues = length;
    for (int i = 0; i < segments.size(); i++) {
      if (!first.contains(i)) {
        append(i);
      }
    }
  }

  private void append(int number) {
    places[number] = length;
    long values = segments.get(number).length();
    length += (values + BLOCK - 1) / BLOCK * BLOCK;
  }

  private static String key(String layer, String parameter) {
    return layer + '\0' + parameter;
  }

  private int number(String layer, String parameter) {
    return numbers.get(key(layer, parameter));
  }

  /** Values of the vector, those between segments too. */
  long length() {
    return length;
  }

  /** Values of the vector's beginning whose gradients come straight from convolutions. */
  long filterValues() {
    return filterValues;
  }

  /** The position of a parameter's first value. */
  long place(String layer, String parameter) {
    return places[number(layer, parameter)];
  }

  /** For each block of 64 values, the number of its segment. */
  int[] segmentOfBlock() {
    int[] numberOfBlock = new int[Math.toIntExact(length / BLOCK)];
    for (int i = 0; i < places.length; i++) {
      int from = (int) (places[i] / BLOCK);
      int blocks = (int) ((segments.get(i).length() + BLOCK - 1) / BLOCK);
      Arrays.fill(numberOfBlock, from, from + blocks, i);
    }
    return numberOfBlock;
  }

  /**
   * From the network's order to the device's.
   *
   * @param flat as many as the network has; not changed
   * @param vector as long as this; what is between segments is left as it is
   */
  void toDevice(float[] flat, FloatBuffer vector) {
    for (int i = 0; i < places.length; i++) {
      int from = Math.toIntExact(segments.get(i).offset());
      vector.position(Math.toIntExact(places[i]));
      if (filters.containsKey(i)) {
        toDevice(filters.get(i), flat, from, vector);
      } else {
        vector.put(flat, from, Math.toIntExact(segments.get(i).length()));
      }
    }
  }

  private static void toDevice(Filters filters, float[] flat, int from, FloatBuffer vector) {
    float[] values = new float[filters.size()];
    for (int filter = 0; filter < filters.count(); filter++) {
      int first = from + Math.toIntExact(filters.kernels().first(filter));
      int next = 0;
      for (int element = 0; element < filters.elements(); element++) {
        int place = first + element * filters.step();
        for (int channel = 0; channel < filters.channels(); channel++) {
          values[next++] = flat[place + channel * filters.stepOfChannel()];
        }
      }
      vector.put(values);
    }
  }

  /** From the device's order to the network's. */
  void fromDevice(FloatBuffer vector, float[] flat) {
    for (int i = 0; i < places.length; i++) {
      int from = Math.toIntExact(segments.get(i).offset());
      vector.position(Math.toIntExact(places[i]));
      if (filters.containsKey(i)) {
        fromDevice(filters.get(i), vector, flat, from);
      } else {
        vector.get(flat, from, Math.toIntExact(segments.get(i).length()));
      }
    }
  }

  private static void fromDevice(Filters filters, FloatBuffer vector, float[] flat, int from) {
    float[] values = new float[filters.size()];
    for (int filter = 0; filter < filters.count(); filter++) {
      vector.get(values);
      int first = from + Math.toIntExact(filters.kernels().first(filter));
      int next = 0;
      for (int element = 0; element < filters.elements(); element++) {
        int place = first + element * filters.step();
        for (int channel = 0; channel < filters.channels(); channel++) {
          flat[place + channel * filters.stepOfChannel()] = values[next++];
        }
      }
    }
  }
}
