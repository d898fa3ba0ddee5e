package dev.convoy.driver.command;

import dev.convoy.data.augment.TestTimeAugmentation;

/** The option by which several views of an image are averaged. */
final class ViewsOption {
  static final String NAME = "--augment";
  static final String LABEL = "none|flip|five-crop|ten-crop";
  static final String DEFAULT = "none";
  static final String DESCRIPTION =
      "Average what is said of views of an image: of it and its mirror image, of its corners and its"
          + " middle, or of those and their mirror images.";

  private ViewsOption() {}

  static TestTimeAugmentation of(String value) {
    return TestTimeAugmentation.named(value)
        .orElseThrow(
            () ->
                new UsageException(
                    NAME + " " + value + ": expected none, flip, five-crop or ten-crop"));
  }
}
