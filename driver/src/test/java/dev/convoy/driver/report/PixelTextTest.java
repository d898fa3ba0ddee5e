package dev.convoy.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PixelTextTest {
  private static Set<String> dots(String text) {
    Set<String> dots = new TreeSet<>();
    PixelText.draw(text, (x, y) -> dots.add(x + "," + y));
    return dots;
  }

  @Test
  void everyLetterIsAnotherAndStaysInItsPlace() {
    Set<Set<String>> seen = new HashSet<>();
    for (char letter = ' '; letter <= '~'; letter++) {
      PixelText.draw(
          String.valueOf(letter),
          (x, y) -> {
            assertThat(x).isBetween(0, PixelText.ADVANCE - 2);
            assertThat(y).isBetween(0, PixelText.LINE - 3);
          });
      assertThat(seen.add(dots(String.valueOf(letter)))).as("%s", letter).isTrue();
    }
  }

  @Test
  void lettersStandBesideEachOther() {
    Set<String> expected = new TreeSet<>();
    PixelText.draw("L", (x, y) -> expected.add(x + "," + y));
    PixelText.draw("T", (x, y) -> expected.add(x + PixelText.ADVANCE + "," + y));
    assertThat(dots("LT")).isEqualTo(expected);
  }

  @Test
  void lettersWithMarksAreDrawnWithoutAndOthersAreABox() {
    assertThat(dots("\u00fcn\u0303")).isEqualTo(dots("un"));
    assertThat(dots("\u6f22")).isEqualTo(dots("\ud83d\ude00")).hasSize(20);
  }

  @Test
  void textIsBrokenAtBlanksOrWithinLongWords() {
    assertThat(PixelText.wrapped("not a picture of any kind", 10, 5))
        .containsExactly("not a", "picture of", "any kind");
    assertThat(PixelText.wrapped("IMG_20230415_0012.jpg", 10, 5))
        .containsExactly("IMG_202304", "15_0012.jp", "g");
    assertThat(PixelText.wrapped("", 10, 5)).isEmpty();
  }

  @Test
  void whatDoesNotFitIsSaidToGoOn() {
    assertThat(PixelText.wrapped("one two three four", 8, 2))
        .containsExactly("one two", "three...");
    assertThat(PixelText.wrapped("one two", 8, 1)).containsExactly("one two");
  }
}
