package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.AdaptivePoolingNode;
import dev.convoy.worker.model.layer.AdaptiveWindows;
import java.util.List;

/** The largest values of windows of several sizes, plane by plane. */
final class AdaptiveMaximumStage implements Stage<Plan, Tensor> {
  private final AdaptivePoolingNode node;
  private final Tensor input;
  private final Tensor output;

  /** Where in its plane each result comes from; axes [plane, window]. */
  private final int[] places;

  AdaptiveMaximumStage(AdaptivePoolingNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    input = plan.inLayout(inputs.get(0), OneDnn.plainLayout(inputs.get(0).dimensions()));
    output =
        plan.allocate(
            OneDnn.plainLayout(
                input.dimension(0),
                input.dimension(1),
                node.rows().count(),
                node.columns().count()));
    places = new int[Math.toIntExact(output.size())];
    float[] plane = new float[pixels()];
    float[] largest = new float[windows()];
    plan.add(
        () -> {
          for (int number = 0; number * windows() < places.length; number++) {
            input.values().position((long) number * plane.length).get(plane);
            takeLargest(plane, largest, number * windows());
            output.values().position((long) number * largest.length).put(largest);
          }
          input.values().position(0);
          output.values().position(0);
        },
        input,
        output);
  }

  private int pixels() {
    return Math.toIntExact(node.rows().pixels() * node.columns().pixels());
  }

  private int windows() {
    return Math.toIntExact(node.rows().count() * node.columns().count());
  }

  private void takeLargest(float[] plane, float[] largest, int firstPlace) {
    AdaptiveWindows columns = node.columns();
    for (int window = 0; window < largest.length; window++) {
      long row = window / columns.count();
      long column = window % columns.count();
      int place = place(node.rows().from(row), columns.from(column));
      for (long y = node.rows().from(row); y < node.rows().to(row); y++) {
        for (long x = columns.from(column); x < columns.to(column); x++) {
          place = plane[place(y, x)] > plane[place] ? place(y, x) : place;
        }
      }
      largest[window] = plane[place];
      places[firstPlace + window] = place;
    }
  }

  private int place(long row, long column) {
    return (int) (row * node.columns().pixels() + column);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    String source = node.inputs().get(0);
    if (!gradients.areWanted(source)) {
      return;
    }
    Tensor ofResults = plan.inLayout(gradient, output.layout());
    Tensor ofImages = plan.allocate(input.layout());
    float[] given = new float[windows()];
    plan.add(
        () -> {
          for (int number = 0; number * given.length < places.length; number++) {
            float[] plane = new float[pixels()];
            ofResults.values().position((long) number * given.length).get(given);
            for (int window = 0; window < given.length; window++) {
              plane[places[number * given.length + window]] += given[window];
            }
            ofImages.values().position((long) number * plane.length).put(plane);
          }
          ofResults.values().position(0);
          ofImages.values().position(0);
        },
        ofResults,
        ofImages);
    gradients.add(source, ofImages);
  }
}
