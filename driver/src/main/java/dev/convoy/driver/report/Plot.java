package dev.convoy.driver.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A plot in a report, which figures.js draws: lines over numbers, or bars over names. Immutable.
 *
 * @param title what it shows
 * @param x the horizontal axis; with names for bars
 * @param y the vertical axis
 * @param series what is drawn
 * @param marks values that are marked by a line across
 */
public record Plot(String title, Axis x, Axis y, List<Series> series, List<Mark> marks) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Copies the lists. */
  public Plot {
    series = List.copyOf(series);
    marks = List.copyOf(marks);
  }

  /**
   * An axis.
   *
   * @param name with its unit
   * @param logarithmic whether it has a logarithmic scale, where values of at most 0 are left out
   * @param categories names of bars; empty for numbers
   */
  public record Axis(String name, boolean logarithmic, List<String> categories) {
    /** Copies the list. */
    public Axis {
      categories = List.copyOf(categories);
    }

    /** Of numbers. */
    public static Axis linear(String name) {
      return new Axis(name, false, List.of());
    }

    /** Of positive numbers whose orders of magnitude count. */
    public static Axis logarithmic(String name) {
      return new Axis(name, true, List.of());
    }

    /** Of names. */
    public static Axis of(List<String> categories) {
      return new Axis("", false, categories);
    }
  }

  /**
   * Points, or bars.
   *
   * @param name of the series
   * @param x of the points; empty for bars
   * @param y of the points or bars; what is not finite is left out
   */
  public record Series(String name, List<Double> x, List<Double> y) {
    /** Copies the lists. */
    public Series {
      x = List.copyOf(x);
      y = List.copyOf(y);
    }

    /**
     * Points, each of one value or the mean of several that follow each other; those that are not
     * finite are left out.
     *
     * @param values of which each has a place on the horizontal axis
     * @param most points
     */
    public static <T> Series of(
        String name, List<T> values, ToDoubleFunction<T> x, ToDoubleFunction<T> y, int most) {
      int each = Math.max(1, -Math.floorDiv(-values.size(), most));
      List<Double> places = new ArrayList<>();
      List<Double> means = new ArrayList<>();
      for (int from = 0; from < values.size(); from += each) {
        List<T> some = values.subList(from, Math.min(from + each, values.size()));
        double mean = some.stream().mapToDouble(y).average().orElseThrow();
        if (Double.isFinite(mean)) {
          places.add(x.applyAsDouble(some.get(some.size() - 1)));
          means.add(mean);
        }
      }
      return new Series(name, places, means);
    }

    /** Bars, one for each name of the axis. */
    public static Series bars(String name, List<Double> y) {
      return new Series(name, List.of(), y);
    }
  }

  /**
   * A value that is marked.
   *
   * @param name what it is
   * @param value where
   * @param vertical whether it is a value of the horizontal axis
   */
  public record Mark(String name, double value, boolean vertical) {}

  /** As figures.js reads them: those that have anything to be drawn. */
  public static ArrayNode toJson(List<Plot> plots) {
    ArrayNode nodes = JSON.arrayNode();
    plots.stream()
        .filter(plot -> plot.series().stream().anyMatch(one -> !one.y().isEmpty()))
        .forEach(plot -> nodes.add(plot.toJson()));
    return nodes;
  }

  /** As figures.js reads it. */
  public ObjectNode toJson() {
    ObjectNode node = JSON.objectNode().put("title", title);
    node.set("x", axis(x));
    node.set("y", axis(y));
    ArrayNode drawn = node.putArray("series");
    for (Series one : series) {
      ArrayNode points = drawn.addObject().put("name", one.name()).putArray("points");
      for (int i = 0; i < one.y().size(); i++) {
        double at = one.x().isEmpty() ? i : one.x().get(i);
        double value = one.y().get(i);
        boolean isDrawn = Double.isFinite(value) && (!y.logarithmic() || value > 0);
        if (isDrawn && (!x.logarithmic() || at > 0)) {
          points.addArray().add(at).add(value);
        }
      }
    }
    ArrayNode lines = node.putArray("marks");
    for (Mark mark : marks) {
      if (Double.isFinite(mark.value())) {
        lines
            .addObject()
            .put("name", mark.name())
            .put("value", mark.value())
            .put("vertical", mark.vertical());
      }
    }
    return node;
  }

  private static ObjectNode axis(Axis axis) {
    ObjectNode node =
        JSON.objectNode().put("name", axis.name()).put("logarithmic", axis.logarithmic());
    axis.categories().forEach(node.putArray("categories")::add);
    return node;
  }

  /** Numbers as a list. */
  public static List<Double> list(double... values) {
    List<Double> list = new ArrayList<>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return list;
  }
}
