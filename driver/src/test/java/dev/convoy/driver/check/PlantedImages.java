package dev.convoy.driver.check;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Folders of small grey images, whose class is the place of a light square, for tests. */
final class PlantedImages {
  static final int SIDE = 12;
  static final int CLASSES = 4;

  private PlantedImages() {}

  /** What is wrong with them. */
  enum Mistake {
    NONE,
    SHUFFLED_LABELS,
    MISSING_CLASS
  }

  /** Writes images of every class; returns the folder. */
  static Path write(Path folder, int imagesPerClass, long seed, Mistake mistake)
      throws IOException {
    Random random = new Random(seed);
    for (int label = 0; label < CLASSES; label++) {
      if (mistake == Mistake.MISSING_CLASS && label == 2) {
        continue;
      }
      Path directory = Files.createDirectories(folder.resolve("class" + label));
      for (int i = 0; i < imagesPerClass; i++) {
        int shown = mistake == Mistake.SHUFFLED_LABELS ? random.nextInt(CLASSES) : label;
        ImageIO.write(image(shown, random), "png", directory.resolve(i + ".png").toFile());
      }
    }
    return folder;
  }

  private static BufferedImage image(int shown, Random random) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    int top = 1 + 5 * (shown / 2) + random.nextInt(2);
    int left = 1 + 5 * (shown % 2) + random.nextInt(2);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean light = y >= top && y < top + 4 && x >= left && x < left + 4;
        image.getRaster().setSample(x, y, 0, (light ? 120 : 0) + random.nextInt(130));
      }
    }
    return image;
  }
}
