package dev.convoy.driver.report;

import static dev.convoy.driver.report.ContactSheet.FRAME;
import static dev.convoy.driver.report.ContactSheet.GAP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final int CELL = 128;
  private static final int COLUMNS = 6;
  private static final int BLUE = 0x1f6fb4;
  private static final int ORANGE = 0xd9730d;
  private static final int PITCH = CELL + 2 * FRAME + GAP;
  private static final int FIRST = GAP + FRAME;
  private static final int WITHOUT_ALPHA = 0xffffff;

  /** One row: black, grey, white. */
  private static final Picture GREY =
      new Picture(new ImageShape(1, 3, 1), new byte[] {0, (byte) 128, (byte) 255});

  /** One column: red, then a colour of its own. */
  private static final Picture COLOUR =
      new Picture(new ImageShape(2, 1, 3), new byte[] {(byte) 255, 1, 0, 2, 0, (byte) 200});

  @Test
  void greyImagesAreScaledUpByAWholeNumberAndCentred() {
    BufferedImage sheet =
        ContactSheet.draw(List.of(new ContactSheet.PictureCell(GREY, BLUE)), COLUMNS, CELL);
    assertThat(sheet.getWidth()).isEqualTo(GAP + PITCH);
    assertThat(sheet.getHeight()).isEqualTo(GAP + PITCH);
    int scale = CELL / 3; // 42: with two columns to spare and 43 rows above and below
    int left = FIRST + (CELL - 3 * scale) / 2;
    int top = FIRST + (CELL - scale) / 2;
    assertThat(colour(sheet, left, top)).isEqualTo(0x000000);
    assertThat(colour(sheet, left + scale - 1, top + scale - 1)).isEqualTo(0x000000);
    assertThat(colour(sheet, left + scale, top)).isEqualTo(0x808080);
    assertThat(colour(sheet, left + 3 * scale - 1, top + scale - 1)).isEqualTo(0xffffff);
    int paper = colour(sheet, FIRST, FIRST);
    assertThat(colour(sheet, left - 1, top)).isEqualTo(paper);
    assertThat(colour(sheet, left, top - 1)).isEqualTo(paper);
    assertThat(colour(sheet, left, top + scale)).isEqualTo(paper);
  }

  @Test
  void coloursAreTheImages() {
    BufferedImage sheet =
        ContactSheet.draw(List.of(new ContactSheet.PictureCell(COLOUR, ORANGE)), COLUMNS, CELL);
    int scale = CELL / 2;
    int left = FIRST + (CELL - scale) / 2;
    assertThat(colour(sheet, left, FIRST)).isEqualTo(0xff0000);
    assertThat(colour(sheet, left + scale - 1, FIRST + scale)).isEqualTo(0x0102c8);
  }

  @Test
  void framesTellRightFromWrongRowByRow() {
    List<ContactSheet.Cell> cells =
        new ArrayList<>(Collections.nCopies(COLUMNS, new ContactSheet.PictureCell(GREY, BLUE)));
    cells.add(new ContactSheet.PictureCell(COLOUR, ORANGE));
    BufferedImage sheet = ContactSheet.draw(cells, COLUMNS, CELL);
    assertThat(sheet.getWidth()).isEqualTo(GAP + COLUMNS * PITCH);
    assertThat(sheet.getHeight()).isEqualTo(GAP + 2 * PITCH);
    assertThat(colour(sheet, GAP + (COLUMNS - 1) * PITCH, GAP)).isEqualTo(BLUE);
    assertThat(colour(sheet, GAP, GAP + PITCH)).isEqualTo(ORANGE);
    assertThat(colour(sheet, GAP + PITCH, GAP + PITCH)).isEqualTo(colour(sheet, 0, 0));
  }

  @Test
  void textStandsWhereThereIsNoPicture() {
    List<ContactSheet.Cell> cells =
        List.of(
            new ContactSheet.PictureCell(GREY, BLUE),
            new ContactSheet.TextCell(List.of("I", "l"), ORANGE));
    BufferedImage sheet = ContactSheet.draw(cells, COLUMNS, CELL);
    assertThat(colour(sheet, GAP + PITCH, GAP)).isEqualTo(ORANGE);
    // The stem of the first letter, a row of it in the second line, and paper beside both.
    int left = FIRST + PITCH + 1;
    int top = FIRST + 1;
    int ink = colour(sheet, left + 2, top + 3);
    int paper = colour(sheet, left + 60, top + 3);
    assertThat(ink).isNotEqualTo(paper);
    assertThat(colour(sheet, left, top + 3)).isEqualTo(paper);
    assertThat(colour(sheet, left + 2, top + PixelText.LINE + 3)).isEqualTo(ink);
    assertThat(colour(sheet, left + 2, top + 2 * PixelText.LINE + 3)).isEqualTo(paper);
  }

  @Test
  void aLongNameLeavesALineToTheReasonAndNothingLeavesTheCell() {
    String endless = "x".repeat(1000);
    BufferedImage sheet =
        ContactSheet.draw(
            List.of(new ContactSheet.TextCell(List.of(endless, "reason"), ORANGE)), COLUMNS, CELL);
    BufferedImage reason =
        ContactSheet.draw(
            List.of(new ContactSheet.TextCell(List.of("reason"), ORANGE)), COLUMNS, CELL);
    int last = (CELL / PixelText.LINE - 1) * PixelText.LINE;
    for (int y = 0; y < PixelText.LINE; y++) {
      for (int x = 0; x < CELL; x++) {
        assertThat(colour(sheet, FIRST + x, FIRST + last + y))
            .isEqualTo(colour(reason, FIRST + x, FIRST + y));
      }
    }
    for (int i = 0; i < CELL + 2 * FRAME; i++) {
      assertThat(colour(sheet, GAP + CELL + FRAME, GAP + i)).isEqualTo(ORANGE);
      assertThat(colour(sheet, GAP + i, GAP + CELL + FRAME)).isEqualTo(ORANGE);
    }
  }

  @Test
  void whatIsWrittenIsReadTheSame() throws IOException {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    ContactSheet.writePng(ContactSheet.draw(COLOUR), out);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    assertThat(read.getWidth()).isEqualTo(1);
    assertThat(read.getHeight()).isEqualTo(2);
    assertThat(colour(read, 0, 0)).isEqualTo(0xff0000);
    assertThat(colour(read, 0, 1)).isEqualTo(0x0102c8);
  }

  private static int colour(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & WITHOUT_ALPHA;
  }
}
