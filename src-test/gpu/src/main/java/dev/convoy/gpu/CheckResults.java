package dev.convoy.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of JSON in a folder that parts and PyTorch have written. */
final class CheckResults {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ENDING = ".json";

  private final Map<String, JsonNode> parts = new TreeMap<>();

  /** Reads them all. */
  CheckResults(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.matches("(convoy|pytorch)-.*\\.json") && !name.equals("convoy-summary.json")) {
          parts.put(
              name.substring(0, name.length() - ENDING.length()), JSON.readTree(file.toFile()));
        }
      }
    }
  }

  /** All entries of the files whose names match, by the order of these. */
  List<JsonNode> entries(String names) {
    List<JsonNode> entries = new ArrayList<>();
    parts.forEach(
        (name, part) -> {
          if (name.matches(names)) {
            part.path("entries").forEach(entries::add);
          }
        });
    return entries;
  }

  /** Convoy's parts that did not come to their end. */
  List<String> incomplete() {
    return parts.entrySet().stream()
        .filter(part -> part.getKey().startsWith("convoy-"))
        .filter(part -> !part.getValue().path("complete").asBoolean())
        .map(Map.Entry::getKey)
        .toList();
  }
}
