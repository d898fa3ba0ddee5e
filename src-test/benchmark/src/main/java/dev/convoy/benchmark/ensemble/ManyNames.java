package dev.convoy.benchmark.ensemble;

import dev.convoy.data.source.Listing;

/**
 * A listing of more images than there are files: every image has a name of its own that leads to
 * one of them. To the application it is as long as if all were there.
 */
final class ManyNames {
  private ManyNames() {}

  /**
   * Lists files again and again, one after the other.
   *
   * @param files that are one image each
   * @param images that are listed
   */
  static Listing of(Listing files, int images) {
    String[] names = new String[images];
    for (int i = 0; i < images; i++) {
      String file = files.file(i % files.size());
      int name = file.lastIndexOf('/') + 1;
      names[i] = file.substring(0, name) + "image-" + i + "/../" + file.substring(name);
    }
    return Listing.ofFiles(names, new int[images]);
  }
}
