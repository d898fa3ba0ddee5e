package dev.convoy.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which of NVIDIA's libraries this process has loaded, and from where. */
final class MappedLibraries {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final Pattern OF_INTEREST =
      Pattern.compile("/lib(cuda|cudnn|cublas|cublasLt|nvrtc|nvidia|nvJitLink)[^/]*\\.so[^/]*$");

  private MappedLibraries() {}

  /** Their paths, sorted; empty where the system does not tell. */
  static List<String> paths() throws IOException {
    return Files.isReadable(MAPS) ? paths(Files.readString(MAPS)) : List.of();
  }

  /** Those of a text as Linux has it in {@code /proc/PID/maps}. */
  static List<String> paths(String maps) {
    return maps.lines()
        .map(MappedLibraries::path)
        .flatMap(Optional::stream)
        .filter(path -> OF_INTEREST.matcher(path).find())
        .distinct()
        .sorted()
        .toList();
  }

  private static Optional<String> path(String line) {
    int begin = line.indexOf('/');
    return begin < 0 ? Optional.empty() : Optional.of(line.substring(begin));
  }
}
