package dev.convoy.worker.graph;

import java.util.List;
import java.util.Optional;

/**
 * One step of a network's computation, whatever the batch size. Immutable, plain values.
 *
 * <p>Values have names: a node's own name is that of its result.
 */
public interface Node {
  /** Name of the result. */
  String name();

  /** Names of the arguments. */
  List<String> inputs();

  /** The same node on other arguments. */
  Node reading(List<String> others);

  /**
   * The extent of the result.
   *
   * @param arguments the arguments' extents, in the order of {@link #inputs}
   */
  Shape result(List<Shape> arguments);

  /** What it computes an example with. */
  default Work work(List<Shape> arguments) {
    return Work.NONE;
  }

  /** How it moves over images; empty where each pixel is computed from itself. */
  default Optional<Window> windowOverImages() {
    return Optional.empty();
  }

  /** A node that can apply a function to its result while it is at it. */
  interface Activated extends Node {
    /** The function; {@link Activation#NONE} for none. */
    Activation activation();

    /** The same node under another name with a function. */
    Activated activated(String name, Activation activation);

    /** Whether the function can only be relu, whose derivative then takes no pass of its own. */
    default boolean appliesReluAlone() {
      return false;
    }
  }
}
