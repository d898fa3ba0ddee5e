package dev.convoy.data.format;

import dev.convoy.data.Picture;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a source gave, for tests: images and rejections by position, and the order they came in. */
class Collected implements ExampleSink {
  final Map<Integer, byte[]> images = new TreeMap<>();
  final Map<Integer, String> rejections = new TreeMap<>();
  final List<Integer> order = new ArrayList<>();

  static Collected from(ImageSource source, Listing part) throws IOException {
    Collected collected = new Collected();
    source.read(part, collected);
    return collected;
  }

  /** How many images a source says that it has found, each time, while it lists them. */
  static List<Integer> found(ImageSource source) throws IOException {
    List<Integer> found = new ArrayList<>();
    source.list(found::add);
    return found;
  }

  @Override
  public void accept(int position, Picture picture) {
    images.put(position, picture.pixels().clone());
    order.add(position);
  }

  @Override
  public void reject(int position, String reason) {
    rejections.put(position, reason);
    order.add(position);
  }
}
