package dev.convoy.driver.report;

import dev.convoy.data.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Pictures side by side, row by row, each in a frame; where there is no picture, text tells what is
 * the matter. Driver only.
 */
public final class ContactSheet {
  /** The width of the frame around a cell, in pixels. */
  public static final int FRAME = 4;

  /** The distance between frames and to the edge, in pixels. */
  public static final int GAP = 4;

  private static final int PAPER = 0xffffff;
  private static final int CELL_PAPER = 0xe4e8ed;

  private static final int INK = 0x202020;

  /** Letters are so many pixels wide as a cell has of these. */
  private static final int LETTER_SIDE = 128;

  private ContactSheet() {}

  /** A square of the sheet. */
  public sealed interface Cell {
    /** The colour of what is around it, {@code 0xrrggbb}. */
    int frame();
  }

  /**
   * One picture.
   *
   * @param picture no larger than a cell; smaller ones are scaled up by a whole number
   */
  public record PictureCell(Picture picture, int frame) implements Cell {}

  /**
   * Text in place of a picture, as much of it as there is room for.
   *
   * @param paragraphs each begins a line; what others leave room for is the last one's
   */
  public record TextCell(List<String> paragraphs, int frame) implements Cell {
    /** Copies the list. */
    public TextCell {
      paragraphs = List.copyOf(paragraphs);
    }
  }

  /**
   * Draws pictures.
   *
   * @param cells at least one
   * @param columns how many stand in a row, at least 1
   * @param side of the square that a picture is centred in, in pixels
   */
  public static BufferedImage draw(List<? extends Cell> cells, int columns, int side) {
    int rows = -Math.floorDiv(-cells.size(), columns);
    int pitch = side + 2 * FRAME + GAP;
    BufferedImage sheet =
        new BufferedImage(
            GAP + Math.min(columns, cells.size()) * pitch,
            GAP + rows * pitch,
            BufferedImage.TYPE_INT_RGB);
    fill(sheet, 0, 0, sheet.getWidth(), sheet.getHeight(), PAPER);
    for (int i = 0; i < cells.size(); i++) {
      int left = GAP + i % columns * pitch;
      int top = GAP + i / columns * pitch;
      fill(sheet, left, top, side + 2 * FRAME, side + 2 * FRAME, cells.get(i).frame());
      fill(sheet, left + FRAME, top + FRAME, side, side, CELL_PAPER);
      Cell cell = cells.get(i);
      if (cell instanceof PictureCell of) {
        paste(sheet, left + FRAME, top + FRAME, side, of.picture());
      } else if (cell instanceof TextCell of) {
        write(sheet, left + FRAME, top + FRAME, side, of.paragraphs());
      }
    }
    return sheet;
  }

  private static void paste(BufferedImage sheet, int left, int top, int side, Picture picture) {
    int height = picture.shape().height();
    int width = picture.shape().width();
    int scale = Math.max(1, side / Math.max(height, width));
    int x0 = left + (side - scale * width) / 2;
    int y0 = top + (side - scale * height) / 2;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        fill(sheet, x0 + scale * x, y0 + scale * y, scale, scale, picture.rgb(y, x));
      }
    }
  }

  private static void write(
      BufferedImage sheet, int left, int top, int side, List<String> paragraphs) {
    int scale = Math.max(1, side / LETTER_SIDE);
    int columns = side / (PixelText.ADVANCE * scale);
    int most = side / (PixelText.LINE * scale);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < paragraphs.size(); i++) {
      int others = paragraphs.size() - 1 - i;
      int room = Math.max(1, most - lines.size() - others);
      lines.addAll(PixelText.wrapped(paragraphs.get(i), columns, room));
    }
    for (int i = 0; i < Math.min(most, lines.size()); i++) {
      int y0 = top + scale * (1 + i * PixelText.LINE);
      PixelText.draw(
          lines.get(i),
          (x, y) -> fill(sheet, left + scale * (1 + x), y0 + scale * y, scale, scale, INK));
    }
  }

  private static void fill(
      BufferedImage sheet, int left, int top, int width, int height, int colour) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, colour);
    sheet.setRGB(left, top, width, height, pixels, 0, width);
  }

  /** A picture by itself, pixel by pixel. */
  public static BufferedImage draw(Picture picture) {
    BufferedImage drawn =
        new BufferedImage(
            picture.shape().width(), picture.shape().height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < picture.shape().height(); y++) {
      for (int x = 0; x < picture.shape().width(); x++) {
        drawn.setRGB(x, y, picture.rgb(y, x));
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
