package dev.convoy.driver.ensemble.report;

import dev.convoy.driver.cluster.Thumbnail;
import dev.convoy.driver.cluster.Thumbnails;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Images side by side, row by row, each in a frame that tells right answers from wrong ones. There
 * is no text on it: fonts are not there on every machine. Driver only.
 */
public final class ContactSheet {
  /** How many images stand in a row. */
  public static final int COLUMNS = 6;

  /** The side of the square that an image is centred in, in pixels. */
  public static final int CELL = Thumbnails.MAX_SIDE;

  /** The width of the frame around a cell, in pixels. */
  public static final int FRAME = 4;

  /** The distance between frames and to the edge, in pixels. */
  public static final int GAP = 4;

  /** The colour of the frame of a right answer, {@code 0xrrggbb}: blue. */
  public static final int RIGHT = 0x1f6fb4;

  /** The colour of the frame of a wrong answer, {@code 0xrrggbb}: orange. */
  public static final int WRONG = 0xd9730d;

  private static final int PAPER = 0xffffff;
  private static final int CELL_PAPER = 0xe4e8ed;

  private ContactSheet() {}

  /**
   * One image.
   *
   * @param image no larger than a cell; smaller ones are scaled up by a whole number
   * @param right whether it was taken for its class
   */
  public record Entry(Thumbnail image, boolean right) {}

  /**
   * Draws images.
   *
   * @param entries at least one
   */
  public static BufferedImage draw(List<Entry> entries) {
    int rows = -Math.floorDiv(-entries.size(), COLUMNS);
    int columns = Math.min(COLUMNS, entries.size());
    int pitch = CELL + 2 * FRAME + GAP;
    BufferedImage sheet =
        new BufferedImage(GAP + columns * pitch, GAP + rows * pitch, BufferedImage.TYPE_INT_RGB);
    fill(sheet, 0, 0, sheet.getWidth(), sheet.getHeight(), PAPER);
    for (int i = 0; i < entries.size(); i++) {
      int left = GAP + i % COLUMNS * pitch;
      int top = GAP + i / COLUMNS * pitch;
      int frame = entries.get(i).right() ? RIGHT : WRONG;
      fill(sheet, left, top, CELL + 2 * FRAME, CELL + 2 * FRAME, frame);
      fill(sheet, left + FRAME, top + FRAME, CELL, CELL, CELL_PAPER);
      paste(sheet, left + FRAME, top + FRAME, entries.get(i).image());
    }
    return sheet;
  }

  private static void paste(BufferedImage sheet, int left, int top, Thumbnail image) {
    int height = image.shape().height();
    int width = image.shape().width();
    int scale = Math.max(1, CELL / Math.max(height, width));
    int x0 = left + (CELL - scale * width) / 2;
    int y0 = top + (CELL - scale * height) / 2;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        fill(sheet, x0 + scale * x, y0 + scale * y, scale, scale, image.rgb(y, x));
      }
    }
  }

  private static void fill(
      BufferedImage sheet, int left, int top, int width, int height, int colour) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, colour);
    sheet.setRGB(left, top, width, height, pixels, 0, width);
  }

  /** An image by itself, pixel by pixel. */
  static BufferedImage draw(Thumbnail image) {
    BufferedImage drawn =
        new BufferedImage(
            image.shape().width(), image.shape().height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.shape().height(); y++) {
      for (int x = 0; x < image.shape().width(); x++) {
        drawn.setRGB(x, y, image.rgb(y, x));
      }
    }
    return drawn;
  }

  /**
   * Writes an image as PNG.
   *
   * @param out not closed
   * @throws IOException if it cannot be written
   */
  public static void writePng(BufferedImage image, OutputStream out) throws IOException {
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      if (!ImageIO.write(image, "png", stream)) {
        throw new IOException("Cannot draw images: expected Java to write PNG, found no writer.");
      }
    }
  }
}
