package dev.convoy.data.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The image formats that are known, by the ends of their files' names and by their first bytes:
 * those that are decoded, and others that are met among photographs, so that such a file is named
 * for what it is. A file is listed by its name and decoded by its content.
 */
// Its lists come from List.of, which the check cannot see.
@SuppressWarnings("ImmutableEnumChecker")
public enum ImageFormat {
  JPEG("JPEG", "jpg jpeg jpe jfif jif", "\u00ff\u00d8\u00ff"),
  PNG("PNG", "png apng", "\u0089PNG\r\n\u001a\n"),
  BMP("BMP", "bmp dib", "BM"),
  GIF("GIF", "gif", "GIF87a", "GIF89a"),
  WEBP("WebP", "webp", "RIFF????WEBP"),
  TIFF("TIFF", "tif tiff", "II*\0", "MM\0*", "II+\0", "MM\0+"),
  HEIF("HEIF", "heic heif hif", "????ftyphe", "????ftypmif1"),
  AVIF("AVIF", "avif", "????ftypavi"),
  JPEG_XL("JPEG XL", "jxl", "\u00ff\n", "\0\0\0\fJXL \r\n\u0087\n"),
  JPEG_2000("JPEG 2000", "jp2 j2k jpx", "\0\0\0\fjP  \r\n\u0087\n", "\u00ffO\u00ffQ"),
  NETPBM("Netpbm", "ppm pgm pbm pnm", "P4\n", "P5\n", "P6\n");

  private static final List<ImageFormat> ALL = List.of(values());

  /** The formats for which there is a reader. */
  private static final List<ImageFormat> DECODED = List.of(JPEG, PNG, BMP, GIF, WEBP, TIFF);

  /** Any byte, in a magic number. */
  private static final char ANY = '?';

  private final String title;
  private final List<String> suffixes;

  /** One character per byte. */
  private final List<String> magics;

  ImageFormat(String title, String suffixes, String... magics) {
    this.title = title;
    this.suffixes = List.of(suffixes.split(" ", -1));
    this.magics = List.of(magics);
  }

  /** The format that a file's name says it has, in either case: {@code photo.JPG}. */
  public static Optional<ImageFormat> ofName(String fileName) {
    int dot = fileName.lastIndexOf('.');
    String suffix = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
    return dot < 0
        ? Optional.empty()
        : Arrays.stream(values()).filter(format -> format.suffixes.contains(suffix)).findFirst();
  }

  /** The format whose first bytes {@code file} has. */
  static Optional<ImageFormat> ofContent(byte[] file) {
    for (ImageFormat format : ALL) {
      if (format.matches(file)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** What the names of files that are decoded end in, without the dot, sorted. */
  public static SortedSet<String> decodedSuffixes() {
    SortedSet<String> suffixes = new TreeSet<>();
    DECODED.forEach(format -> suffixes.addAll(format.suffixes));
    return suffixes;
  }

  /** The names of the formats that are decoded, for messages: {@code JPEG, PNG or GIF}. */
  public static String decodedTitles() {
    List<String> titles = DECODED.stream().map(ImageFormat::title).toList();
    int last = titles.size() - 1;
    return String.join(", ", titles.subList(0, last)) + " or " + titles.get(last);
  }

  /** True when there is a reader for this format; files of the others are known but not used. */
  public boolean isDecoded() {
    return DECODED.contains(this);
  }

  /** How the format's name is written: {@code WebP}. */
  public String title() {
    return title;
  }

  private boolean matches(byte[] file) {
    for (String magic : magics) {
      if (startsWith(file, magic)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] file, String magic) {
    if (file.length < magic.length()) {
      return false;
    }
    for (int i = 0; i < magic.length(); i++) {
      if (magic.charAt(i) != ANY && magic.charAt(i) != (file[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }
}
