package dev.convoy.worker.transfer;

import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.Segment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The parameters that a network begins with where layers are taken from a trained one: those of the
 * same name whose arrays have the same names and shapes, running statistics included.
 *
 * @param parameters flat, in the order of the network that begins
 * @param taken layers whose parameters are the trained network's, in the network's order
 * @param drawn the other layers with parameters, and why each of them is not taken
 */
public record WeightTransfer(float[] parameters, List<String> taken, Map<String, String> drawn) {

  /** An array of a layer, as far as it must be the same. */
  private record Form(String parameter, List<Integer> shape, boolean columnMajor) {}

  /**
   * Takes what fits.
   *
   * @param source of the trained network
   * @param layers which may be taken
   * @param segments of the network that begins
   * @param drawn its parameters as they were drawn, flat; not changed
   */
  public static WeightTransfer of(
      ModelArchive.Parameters source, LayerNames layers, List<Segment> segments, float[] drawn) {
    Map<String, List<Segment>> there = byLayer(source.segments());
    float[] parameters = drawn.clone();
    List<String> taken = new ArrayList<>();
    Map<String, String> others = new LinkedHashMap<>();
    byLayer(segments)
        .forEach(
            (layer, mine) -> {
              List<Segment> theirs = there.getOrDefault(layer, List.of());
              if (!layers.contain(layer)) {
                others.put(layer, "not asked for");
              } else if (theirs.isEmpty()) {
                others.put(layer, "not there");
              } else if (!forms(mine).keySet().equals(forms(theirs).keySet())) {
                others.put(layer, difference(theirs, mine));
              } else {
                forms(theirs)
                    .forEach(
                        (form, from) ->
                            copy(source.values(), from, parameters, forms(mine).get(form)));
                taken.add(layer);
              }
            });
    return new WeightTransfer(parameters, taken, others);
  }

  private static Map<String, List<Segment>> byLayer(List<Segment> segments) {
    return segments.stream()
        .collect(Collectors.groupingBy(Segment::layer, LinkedHashMap::new, Collectors.toList()));
  }

  private static Map<Form, Segment> forms(List<Segment> layer) {
    return layer.stream().collect(Collectors.toMap(WeightTransfer::form, Function.identity()));
  }

  private static Form form(Segment segment) {
    return new Form(segment.parameter(), segment.shape(), segment.columnMajor());
  }

  /** The first array of a layer that is another there. */
  private static String difference(List<Segment> theirs, List<Segment> mine) {
    for (Segment here : mine) {
      Optional<Segment> there =
          theirs.stream().filter(one -> one.parameter().equals(here.parameter())).findFirst();
      if (there.isEmpty()) {
        return "no " + here.parameter() + " there";
      }
      if (!form(there.get()).equals(form(here))) {
        return here.parameter() + ' ' + extents(there.get()) + " there, " + extents(here) + " here";
      }
    }
    return "more arrays there";
  }

  private static String extents(Segment segment) {
    return segment.shape().stream().map(String::valueOf).collect(Collectors.joining(" × "));
  }

  private static void copy(float[] values, Segment from, float[] parameters, Segment to) {
    System.arraycopy(
        values,
        Math.toIntExact(from.offset()),
        parameters,
        Math.toIntExact(to.offset()),
        Math.toIntExact(to.length()));
  }
}
