package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.SyntheticSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Images of ten shapes, drawn from a key of (seed, role, index) and hence the same bytes on every
 * machine. Place, size, rotation, colours, background and noise vary, so that no pixel tells the
 * class: a linear classifier is little better than chance, a small convolutional network is not.
 */
final class SyntheticSource implements ImageSource {
  private static final int MIN_SIDE = 8;

  private final SourceSettings settings;
  private final SyntheticSettings synthetic;

  SyntheticSource(SourceSettings settings) {
    if (settings.synthetic() == null) {
      throw new IllegalArgumentException(
          "Cannot draw synthetic images: expected their settings, found none.");
    }
    ImageShape shape = settings.store().input();
    if (Math.min(shape.height(), shape.width()) < MIN_SIDE) {
      throw new DataException(
          "Cannot draw synthetic images: expected a height and width of at least "
              + MIN_SIDE
              + ", found "
              + shape
              + ". Set data.image to a larger shape.");
    }
    this.settings = settings;
    this.synthetic = settings.synthetic();
  }

  @Override
  public ListedImages list() {
    int[] labels =
        new int
            [settings.role() == Role.TRAIN ? synthetic.trainExamples() : synthetic.testExamples()];
    Arrays.setAll(labels, this::shapeOf);
    List<String> names =
        Arrays.stream(SyntheticShape.values())
            .limit(synthetic.classes())
            .map(shape -> shape.name().toLowerCase(Locale.ROOT))
            .toList();
    return new ListedImages(
        names, Listing.ofRecords("synthetic-" + settings.role().folder(), labels));
  }

  @Override
  public void read(Listing part, ExampleSink sink) {
    SyntheticShape[] shapes = SyntheticShape.values();
    SyntheticPainter painter = new SyntheticPainter(settings.store().input(), synthetic.noise());
    for (int i = 0; i < part.size(); i++) {
      int index = part.record(i);
      KeyedRandom random =
          KeyedRandom.of(synthetic.seed(), Purpose.SYNTHETIC, settings.role().code(), index);
      sink.accept(i, painter.paint(shapes[shapeOf(index)], random));
    }
  }

  private int shapeOf(int index) {
    return index % synthetic.classes();
  }
}
