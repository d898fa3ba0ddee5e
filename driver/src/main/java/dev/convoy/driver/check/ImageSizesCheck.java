package dev.convoy.driver.check;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Text;
import dev.convoy.data.source.Quarantined;
import dev.convoy.driver.check.ImageSample.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Whether images can be read, and have sizes and proportions that suit the network's input. */
final class ImageSizesCheck extends Check {
  /** The share of odd images that a data set may have. */
  private static final double MOST = 0.01;

  /**
   * How many times an image may be enlarged, and be wider or higher than the input's proportion.
   */
  private static final double FACTOR = 2;

  ImageSizesCheck() {
    super(
        "image-sizes",
        "Images that cannot be read, are far smaller than the network's input, or have quite"
            + " another proportion of height and width.",
        "Karpathy, \"A recipe for training neural networks\", 2019: become one with the data");
  }

  @Override
  Verdict look(CheckedRun run) {
    ImageShape input = run.configuration().data().shape();
    ImageSample sample = run.train();
    List<Quarantined> unreadable = sample.images().statistics().quarantined();
    List<Size> sizes = sample.sizes().stream().filter(Objects::nonNull).toList();
    List<String> problems = new ArrayList<>();
    if (!unreadable.isEmpty()) {
      problems.add(
          Text.of(
              "%d cannot be read, such as %s: %s",
              unreadable.size(), unreadable.get(0).path(), unreadable.get(0).reason()));
    }
    report(sizes, size -> isSmall(size, input), "far smaller than the input", problems);
    report(sizes, size -> isStretched(size, input), "of quite another proportion", problems);
    return Verdict.of(
        problems.isEmpty(),
        problems.isEmpty()
            ? Text.of("%,d images, %s", sample.listing().size(), range(sizes, input))
            : Text.of("of %,d images: %s", sample.listing().size(), String.join("; ", problems)),
        Text.of(
            "at most %.0f %% unreadable or odd: of less than half the input's %d × %d, or more than"
                + " %.0f times as wide or high in proportion",
            100 * MOST, input.height(), input.width(), FACTOR),
        "look at them (convoy show), mend or remove them, or set data.image to their size");
  }

  private static void report(
      List<Size> sizes, Predicate<Size> odd, String what, List<String> problems) {
    List<Size> found = sizes.stream().filter(odd).toList();
    if (found.size() > MOST * sizes.size()) {
      problems.add(
          Text.of(
              "%d are %s, such as %d × %d",
              found.size(), what, found.get(0).height(), found.get(0).width()));
    }
  }

  private static boolean isSmall(Size size, ImageShape input) {
    return FACTOR * size.height() < input.height() || FACTOR * size.width() < input.width();
  }

  private static boolean isStretched(Size size, ImageShape input) {
    double ratio = size.proportion() * input.height() / input.width();
    return ratio > FACTOR || ratio < 1 / FACTOR;
  }

  private static String range(List<Size> sizes, ImageShape input) {
    if (sizes.isEmpty()) {
      return Text.of("all of %d × %d", input.height(), input.width());
    }
    return Text.of(
        "%d to %d rows, %d to %d columns",
        sizes.stream().mapToInt(Size::height).min().orElse(0),
        sizes.stream().mapToInt(Size::height).max().orElse(0),
        sizes.stream().mapToInt(Size::width).min().orElse(0),
        sizes.stream().mapToInt(Size::width).max().orElse(0));
  }
}
