package dev.convoy.worker.natives;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The native libraries of this process, ND4J's and oneDNN's, which are unpacked from their jars
 * once for all processes of a user on a machine: half a gigabyte.
 */
public final class NativeLibraries {
  /** JavaCPP's; whoever sets it chooses the folder. */
  private static final String FOLDER = "org.bytedeco.javacpp.cachedir";

  private static boolean loaded;
  private static Optional<String> problem = Optional.empty();

  private NativeLibraries() {}

  /**
   * Loads them, if that has not happened yet. To be called before anything touches ND4J.
   *
   * @throws NativeLibrariesException if they cannot be unpacked or loaded
   */
  public static synchronized void load() {
    if (problem.isPresent()) {
      throw new NativeLibrariesException(problem.get(), null);
    }
    if (!loaded) {
      try {
        LibraryFolder.load(places(), NativeJars.onClassPath(), NativeLibraries::loadFrom);
        loaded = true;
      } catch (NativeLibrariesException e) {
        problem = Optional.of(e.getMessage());
        throw e;
      }
    }
  }

  private static List<LibraryFolder.Place> places() {
    String chosen = System.getProperty(FOLDER);
    if (chosen != null) {
      return List.of(() -> Files.createDirectories(Path.of(chosen)));
    }
    return List.of(NativeLibraries::inHome, NativeLibraries::inTemporaryDirectory);
  }

  /** JavaCPP's own choice. */
  private static Path inHome() throws IOException {
    Path home = Path.of(System.getProperty("user.home"));
    if (!home.isAbsolute()) {
      throw new IOException("there is no home directory"); // Java says ? then
    }
    return Files.createDirectories(home.resolve(".javacpp/cache"));
  }

  /** Of the user alone: what others may write is not loaded. */
  private static Path inTemporaryDirectory() throws IOException {
    Path all = Path.of(System.getProperty("java.io.tmpdir"));
    Path probe = Files.createTempFile(all, "convoy", null);
    UserPrincipal user = Files.getOwner(probe);
    Files.delete(probe);
    Path folder = Files.createDirectories(all.resolve(".javacpp-" + user.getName() + "/cache"));
    for (Path part : List.of(folder, folder.getParent())) {
      if (Files.isSymbolicLink(part) || !Files.getOwner(part).equals(user)) {
        throw new IOException(part + " is another user's");
      }
    }
    return folder;
  }

  private static void loadFrom(Path folder) {
    System.setProperty(FOLDER, folder.toString());
    try {
      Nd4j.getBackend();
    } catch (LinkageError | RuntimeException e) {
      throw new NativeLibrariesException(
          "Cannot load the native libraries from "
              + folder
              + ": "
              + rootCause(e)
              + ". convoy doctor looks at this machine.",
          e);
    }
    try {
      Loader.load(dnnl.class);
    } catch (LinkageError | RuntimeException e) {
      // Networks run without it, and say so.
      return;
    }
  }

  private static String rootCause(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return String.valueOf(root).lines().findFirst().orElse("");
  }
}
