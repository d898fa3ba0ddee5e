package dev.convoy.worker.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.Collections;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;

/**
 * The jars on the class path that hold native libraries, by the names that JavaCPP's have. JavaCPP
 * itself is not asked: it would choose where to unpack them.
 *
 * @param sizes by name: bytes of the libraries in it, unpacked
 */
record NativeJars(TreeMap<String, Long> sizes) {
  private static final String ANY_ENTRY = "META-INF/MANIFEST.MF";
  private static final Pattern JAR =
      Pattern.compile("([^/!]+-(?:linux|macosx|windows)-[^/!]+\\.jar)!/");
  private static final Pattern LIBRARY = Pattern.compile(".*\\.(so|dylib|dll)(\\.\\d+)*");

  /** Those that this process may load from. */
  static NativeJars onClassPath() {
    TreeMap<String, Long> sizes = new TreeMap<>();
    try {
      ClassLoader loader = NativeJars.class.getClassLoader();
      for (URL url : Collections.list(loader.getResources(ANY_ENTRY))) {
        Matcher name = JAR.matcher(url.getPath());
        if (name.find() && url.openConnection() instanceof JarURLConnection jar) {
          sizes.put(
              name.group(1),
              jar.getJarFile().stream()
                  .filter(entry -> LIBRARY.matcher(entry.getName()).matches())
                  .mapToLong(ZipEntry::getSize)
                  .sum());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the jars on the class path", e);
    }
    return new NativeJars(sizes);
  }

  /** Bytes of all libraries, unpacked. */
  long size() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
