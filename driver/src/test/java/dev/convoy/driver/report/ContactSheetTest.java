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
        ContactSheet.draw(List.of(new ContactSheet.Cell(GREY, BLUE)), COLUMNS, CELL);
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
        ContactSheet.draw(List.of(new ContactSheet.Cell(COLOUR, ORANGE)), COLUMNS, CELL);
    int scale = CELL / 2;
    int left = FIRST + (CELL - scale) / 2;
    assertThat(colour(sheet, left, FIRST)).isEqualTo(0xff0000);
    assertThat(colour(sheet, left + scale - 1, FIRST + scale)).isEqualTo(0x0102c8);
  }

  @Test
  void framesTellRightFromWrongRowByRow() {
    List<ContactSheet.Cell> cells =
        new java.util.ArrayList<>(Collections.nCopies(COLUMNS, new ContactSheet.Cell(GREY, BLUE)));
    cells.add(new ContactSheet.Cell(COLOUR, ORANGE));
    BufferedImage sheet = ContactSheet.draw(cells, COLUMNS, CELL);
    assertThat(sheet.getWidth()).isEqualTo(GAP + COLUMNS * PITCH);
    assertThat(sheet.getHeight()).isEqualTo(GAP + 2 * PITCH);
    assertThat(colour(sheet, GAP + (COLUMNS - 1) * PITCH, GAP)).isEqualTo(BLUE);
    assertThat(colour(sheet, GAP, GAP + PITCH)).isEqualTo(ORANGE);
    assertThat(colour(sheet, GAP + PITCH, GAP + PITCH)).isEqualTo(colour(sheet, 0, 0));
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
