package dev.convoy.driver.report;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Text in letters of five by seven pixels that every machine has. Letters with marks are drawn
 * without, and what is not ASCII otherwise as a box.
 */
final class PixelText {
  /** From one letter to the next, and from one line to the next, in pixels of the letters. */
  static final int ADVANCE = 6;

  static final int LINE = 9;

  private static final int WIDTH = 5;
  private static final int HEIGHT = 7;
  private static final char FIRST = ' ';
  private static final char LAST = '~';
  private static final String CUT = "...";
  private static final String BOX = "vhhhhhv";

  /** From space to tilde, seven rows each from the top; a row is five bits, as a digit. */
  private static final String LETTERS =
      "00000004444404aaa0000aavavaa4fke5u4op248j3cik8lid444000024888428422248"
          + "04lel40044v4400000624000v00000000cc01248g0ehjlphe4c4444eeh1248vv2421he"
          + "26aiv22vgu11he68guhhev124888ehhehheehhf12c0cc0cc00660624248g84200v0v00"
          + "8421248eh12404eh1dlleehhvhhhuhhuhhuehggghesihhhisvgguggvvggugggehgnhhf"
          + "hhhvhhhe44444e72222ichikokihggggggvhrllhhhhhpljhhehhhhheuhhugggehhhlid"
          + "uhhukihfgge11uv444444hhhhhhehhhhha4hhhllrhhha4ahhhha4444v1248gve88888e"
          + "0g84210e22222e4ah0000000000v842000000e1fhfgguhhhu00fgggf11fhhhf00ehvgf"
          + "698s88800fhf1egguhhhh40c444e20622icggikokic44444e00qllll00uhhhh00ehhhe"
          + "00uhugg00fhf1100mpggg00fge1u88s889600hhhjd00hhha400hhlla00ha4ah00hhf1e"
          + "00v248v34484434444444o44244o009li00";

  private PixelText() {}

  /** Receives the pixels of a text. */
  @FunctionalInterface
  interface Canvas {
    void dot(int x, int y);
  }

  /** Draws one line from its upper left corner. */
  static void draw(String line, Canvas canvas) {
    String plain = plain(line);
    for (int i = 0; i < plain.length(); i++) {
      char letter = plain.charAt(i);
      boolean known = letter >= FIRST && letter <= LAST;
      int at = known ? (letter - FIRST) * HEIGHT : 0;
      for (int y = 0; y < HEIGHT; y++) {
        int row = Character.digit((known ? LETTERS : BOX).charAt(at + y), 32);
        for (int x = 0; x < WIDTH; x++) {
          if ((row >> (WIDTH - 1 - x) & 1) == 1) {
            canvas.dot(i * ADVANCE + x, y);
          }
        }
      }
    }
  }

  /** One character for each that is drawn. */
  private static String plain(String text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    StringBuilder plain = new StringBuilder();
    decomposed
        .codePoints()
        .forEach(
            character -> plain.append(character <= LAST ? (char) character : Character.MAX_VALUE));
    return plain.toString();
  }

  /**
   * Breaks a text into lines, at blanks where that leaves no line emptier than by half.
   *
   * @param columns characters of a line, at least as many as what stands for the rest has
   * @param lines at most; the last ends in what stands for the rest where there is more
   */
  static List<String> wrapped(String text, int columns, int lines) {
    List<String> wrapped = new ArrayList<>();
    String rest = plain(text).strip();
    while (!rest.isEmpty() && wrapped.size() < lines) {
      if (rest.length() <= columns) {
        wrapped.add(rest);
        return wrapped;
      }
      if (wrapped.size() == lines - 1) {
        wrapped.add(rest.substring(0, columns - CUT.length()) + CUT);
        return wrapped;
      }
      int blank = rest.lastIndexOf(' ', columns);
      int end = blank >= columns / 2 ? blank : columns;
      wrapped.add(rest.substring(0, end));
      rest = rest.substring(end).strip();
    }
    return wrapped;
  }
}
