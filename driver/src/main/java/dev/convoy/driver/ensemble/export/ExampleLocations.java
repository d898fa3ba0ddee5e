package dev.convoy.driver.ensemble.export;

import dev.convoy.data.source.Listing;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.Arrays;
import java.util.List;

/** Where predicted examples come from; eight bytes for each. */
final class ExampleLocations {
  private final List<Listing> parts;

  /** Of each example in the order of the predictions: its part, and its position there. */
  private final long[] places;

  /**
   * Looks all of them up.
   *
   * @param predictions whose examples are in the order of their ids
   * @param parts that list all of them
   */
  ExampleLocations(MemberPredictions predictions, List<Listing> parts) {
    this.parts = parts;
    this.places = new long[predictions.examples()];
    int[] ids = new int[places.length];
    Arrays.setAll(ids, predictions::id);
    for (int part = 0; part < parts.size(); part++) {
      Listing listing = parts.get(part);
      for (int position = 0; position < listing.size(); position++) {
        int example = Arrays.binarySearch(ids, listing.id(position));
        if (example >= 0) {
          places[example] = (long) part << Integer.SIZE | position;
        }
      }
    }
  }

  /** Where an example comes from, {@code path} or {@code path#7}. */
  String of(int example) {
    return parts.get((int) (places[example] >>> Integer.SIZE)).location((int) places[example]);
  }
}
