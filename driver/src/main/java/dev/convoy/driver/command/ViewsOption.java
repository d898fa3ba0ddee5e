package dev.convoy.driver.command;

import dev.convoy.data.augment.TestTimeAugmentation;
import picocli.CommandLine.Option;

/** The option by which several views of an image are averaged. */
final class ViewsOption {
  @Option(
      names = "--augment",
      paramLabel = "none|flip|five-crop|ten-crop",
      defaultValue = "none",
      description =
          "Average what is said of views of an image: of it and its mirror image, of its corners and"
              + " its middle, or of those and their mirror images.")
  private String views;

  String name() {
    return views;
  }

  TestTimeAugmentation augmentation() {
    return TestTimeAugmentation.named(views)
        .orElseThrow(
            () ->
                new UsageException(
                    "--augment " + views + ": expected none, flip, five-crop or ten-crop"));
  }
}
