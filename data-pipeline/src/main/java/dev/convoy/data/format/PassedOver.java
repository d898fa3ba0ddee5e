package dev.convoy.data.format;

import dev.convoy.data.Text;
import dev.convoy.data.image.ImageFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Counts what is found among images and not used, by the end of its name. */
final class PassedOver {
  private static final int MENTIONED_SUFFIXES = 6;
  private static final int MAX_SUFFIX_LENGTH = 12;

  private final Map<String, Integer> files = new HashMap<>();
  private int outside;
  private int hidden;
  private int links;

  /** A file whose name is not that of an image. */
  void file(String name) {
    files.merge(suffix(name), 1, Integer::sum);
  }

  /** An image outside all class folders. */
  void outside() {
    outside++;
  }

  /** A file or folder that a tool keeps for itself. */
  void hidden() {
    hidden++;
  }

  /** A link to a folder that is read under another name. */
  void link() {
    links++;
  }

  /** How many images stand outside all class folders. */
  int outsideImages() {
    return outside;
  }

  /** One line about all of it; empty when there is nothing. */
  Optional<String> summary() {
    List<String> parts = new ArrayList<>();
    files.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey(Directories.CODE_POINTS)))
        .limit(MENTIONED_SUFFIXES)
        .forEach(entry -> parts.add(count(entry.getValue()) + " " + entry.getKey()));
    if (files.size() > MENTIONED_SUFFIXES) {
      parts.add("files of " + (files.size() - MENTIONED_SUFFIXES) + " more suffixes");
    }
    add(parts, outside, "outside the class folders");
    add(parts, hidden, "hidden");
    add(parts, links, "links to folders that are read already");
    int all = files.values().stream().mapToInt(Integer::intValue).sum() + outside + hidden + links;
    return all == 0
        ? Optional.empty()
        : Optional.of("passed over " + count(all) + ": " + String.join(", ", parts) + advice());
  }

  private static void add(List<String> parts, int number, String kind) {
    if (number > 0) {
      parts.add(count(number) + " " + kind);
    }
  }

  /** What to do about images of formats that are known but not decoded. */
  private String advice() {
    return files.keySet().stream()
            .anyMatch(suffix -> ImageFormat.ofName("image" + suffix).isPresent())
        ? "; convert images to " + ImageFormat.decodedTitles() + " to use them"
        : "";
  }

  private static String count(int number) {
    return Text.of("%,d", number);
  }

  private static String suffix(String name) {
    int dot = name.lastIndexOf('.');
    String suffix = dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    boolean plain = suffix.length() <= MAX_SUFFIX_LENGTH && suffix.matches("\\.[\\p{L}\\p{N}_-]+");
    return plain ? suffix : "with other names";
  }
}
