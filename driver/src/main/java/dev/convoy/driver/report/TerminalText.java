package dev.convoy.driver.report;

/**
 * How wide a text is on a terminal: characters of East Asian scripts and emoji take two columns,
 * marks that combine with the character before them none (Unicode Standard Annex 11).
 */
final class TerminalText {
  /** First and last code points of what is two columns wide, ascending. */
  private static final int[] WIDE = {
    0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3, 0x23F3,
    0x25FD, 0x25FE, 0x2614, 0x2615, 0x2648, 0x2653, 0x267F, 0x267F, 0x2693, 0x2693, 0x26A1, 0x26A1,
    0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26CE, 0x26D4, 0x26D4, 0x26EA, 0x26EA,
    0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA, 0x26FD, 0x26FD, 0x2705, 0x2705, 0x270A, 0x270B,
    0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755, 0x2757, 0x2757, 0x2795, 0x2797,
    0x27B0, 0x27B0, 0x27BF, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2B55, 0x2B55, 0x2E80, 0x303E,
    0x3041, 0x4DBF, 0x4E00, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE10, 0xFE19,
    0xFE30, 0xFE6F, 0xFF00, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0, 0x18AFF, 0x1AFF0, 0x1B2FF, 0x1F004,
    0x1F004, 0x1F0CF, 0x1F0CF, 0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F1E6, 0x1F265, 0x1F300,
    0x1F64F, 0x1F680, 0x1F6FF, 0x1F7E0, 0x1F7EB, 0x1F7F0, 0x1F7F0, 0x1F90C, 0x1FAFF, 0x20000,
    0x3FFFD
  };

  private TerminalText() {}

  static int columns(String text) {
    return text.codePoints().map(TerminalText::columns).sum();
  }

  private static int columns(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(character) ? 2 : 1;
    };
  }

  private static boolean isWide(int character) {
    for (int i = 0; i < WIDE.length && WIDE[i] <= character; i += 2) {
      if (character <= WIDE[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /** The text in one line without control characters, its end cut off where it is too long. */
  static String cut(String text, int columns, String mark) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    if (columns(line) <= columns) {
      return line;
    }
    StringBuilder start = new StringBuilder();
    int left = columns - columns(mark);
    for (int character : line.codePoints().toArray()) {
      left -= columns(character);
      if (left < 0) {
        break;
      }
      start.appendCodePoint(character);
    }
    return columns < columns(mark) ? "" : start.append(mark).toString();
  }
}
