package dev.convoy.data.format;

import dev.convoy.data.DaemonThreads;
import dev.convoy.data.DataException;
import dev.convoy.data.source.Listing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;

/** Versions of a listing's files: their lengths, and their entity tags or modification times. */
public final class FileVersions {
  /** How many entries of a folder a file system lists in about the time it tells of one file. */
  private static final int ENTRIES_LIKE_ONE_FILE = 1000;

  /** Requests under way at once; fewer than file systems keep connections. */
  private static final int THREADS = 32;

  private FileVersions() {}

  /**
   * A full listing with the versions of its files.
   *
   * @param files what listing them said, in the order of the listing's files
   */
  static Listing note(Listing listing, List<FileStatus> files) {
    return listing.withVersions(
        files.stream().mapToLong(FileVersions::version).toArray(),
        files.stream().mapToLong(FileStatus::getModificationTime).toArray());
  }

  /**
   * A full listing of files that were named, not found, with the versions of those that are there.
   * What cannot be found or read is left to who reads it.
   *
   * @param what what the files are, for messages: {@code images}
   * @throws IOException when a file system fails in a way that a retry may mend
   */
  static Listing find(String what, Listing listing, Configuration hadoop) throws IOException {
    Map<Path, Map<String, Integer>> folders = positionsByFolder(listing);
    long[] versions = new long[listing.size()];
    long[] modified = new long[listing.size()];
    Found found =
        (position, file) -> {
          versions[position] = version(file);
          modified[position] = file.getModificationTime();
        };
    inParallel(
        List.copyOf(folders.entrySet()),
        folder -> findInFolder(what, folder.getKey(), folder.getValue(), hadoop, found));
    inParallel(
        folders.values().stream().flatMap(names -> names.values().stream()).toList(),
        position -> ask(what, Locations.path(listing.file(position)), position, hadoop, found));
    return listing.withVersions(versions, modified);
  }

  /** Where files stand in a listing, by their folders and their names in these. */
  private static Map<Path, Map<String, Integer>> positionsByFolder(Listing listing) {
    Map<Path, Map<String, Integer>> folders = new LinkedHashMap<>();
    for (int i = 0; i < listing.size(); i++) {
      Path file = Locations.path(listing.file(i));
      if (!file.isRoot()) {
        folders
            .computeIfAbsent(file.getParent(), any -> new LinkedHashMap<>())
            .put(file.getName(), i);
      }
    }
    return folders;
  }

  /** Is told of every file that is there, with its position in a listing; by several threads. */
  private interface Found {
    void accept(int position, FileStatus file);
  }

  /** What is done for one of many elements. */
  private interface Work<T> {
    void accept(T element) throws IOException;
  }

  /**
   * Works on many elements at once, since file systems that are far away answer slowly. The first
   * failure is thrown as it is, and those that are left are not begun.
   */
  private static <T> void inParallel(List<T> elements, Work<T> work) throws IOException {
    AtomicInteger next = new AtomicInteger();
    Callable<Void> turns =
        () -> {
          try {
            for (int i = next.getAndIncrement(); i < elements.size(); i = next.getAndIncrement()) {
              work.accept(elements.get(i));
            }
            return null;
          } finally {
            next.set(elements.size());
          }
        };
    ExecutorService threads =
        Executors.newFixedThreadPool(THREADS, DaemonThreads.named("convoy-file-versions"));
    try {
      int most = Math.min(THREADS, elements.size());
      for (Future<Void> thread : threads.invokeAll(Collections.nCopies(most, turns))) {
        thread.get();
      }
    } catch (InterruptedException e) {
      next.set(elements.size());
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while looking up files");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static IOException failure(Throwable cause) {
    if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return (IOException) cause;
  }

  /**
   * Lists a folder of which several files are named, since a thousand entries cost what one file
   * does.
   *
   * @param positions by name; left are those of files that have to be asked for
   */
  private static void findInFolder(
      String what, Path folder, Map<String, Integer> positions, Configuration hadoop, Found found)
      throws IOException {
    FileSystem files;
    try {
      files = Locations.fileSystem(what, folder, hadoop);
    } catch (DataException e) {
      positions.clear(); // Reading the files reports it.
      return;
    }
    if (positions.size() == 1 || Locations.isLocal(files)) {
      return;
    }
    try {
      findInListing(files.listStatusIterator(folder), positions, found);
    } catch (FileNotFoundException e) {
      positions.clear();
    } catch (AccessControlException | AccessDeniedException | UnsupportedOperationException e) {
      // Files may be read in a folder that may not, or cannot, be listed, as those of http.
    } catch (IOException e) {
      throw Locations.unreachable(what, "files", folder, e);
    }
  }

  private static void findInListing(
      RemoteIterator<FileStatus> entries, Map<String, Integer> positions, Found found)
      throws IOException {
    long most = (long) ENTRIES_LIKE_ONE_FILE * positions.size();
    Set<String> others = new HashSet<>();
    for (long seen = 0; !positions.isEmpty() && entries.hasNext(); seen++) {
      if (seen == most) {
        return;
      }
      FileStatus entry = entries.next();
      String name = entry.getPath().getName();
      if (!entry.isFile()) {
        others.add(name); // A link has another length and time than the file that it leads to.
      } else if (positions.containsKey(name)) {
        found.accept(positions.remove(name), entry);
      }
    }
    positions.keySet().retainAll(others);
  }

  private static void ask(String what, Path file, int position, Configuration hadoop, Found found)
      throws IOException {
    try {
      found.accept(position, Locations.fileSystem(what, file, hadoop).getFileStatus(file));
    } catch (FileNotFoundException | AccessControlException | AccessDeniedException e) {
      // Reading it reports that.
    } catch (IOException e) {
      throw Locations.unreachable(what, "files", file, e);
    }
  }

  /**
   * By its entity tag where a file has one, as an object in a store has: times of those are in
   * seconds, and some servers list them in milliseconds. 0 where the length is not known.
   */
  private static long version(FileStatus file) {
    if (file.getLen() < 0) {
      return 0;
    }
    return file instanceof EtagSource tagged && tagged.getEtag() != null
        ? Listing.version(file.getLen(), hash(tagged.getEtag()))
        : Listing.version(file.getLen(), file.getModificationTime());
  }

  private static long hash(String tag) {
    long hash = 0;
    for (int i = 0; i < tag.length(); i++) {
      hash = 31 * hash + tag.charAt(i);
    }
    return hash;
  }

  /**
   * The files of a listing that are gone or of another version than when they were listed; asks for
   * each one.
   */
  public static List<String> changed(Listing listing, Configuration hadoop) {
    List<String> changed = new ArrayList<>();
    String previous = "";
    for (int i = 0; i < listing.size(); i++) {
      String file = listing.file(i);
      if (listing.modifiedMillis(i) != 0 && !file.equals(previous)) {
        Path path = Locations.onExecutor(Locations.path(file), hadoop);
        try {
          if (version(path.getFileSystem(hadoop).getFileStatus(path)) != listing.version(i)) {
            changed.add(file);
          }
        } catch (IOException e) {
          changed.add(file);
        }
      }
      previous = file;
    }
    return changed;
  }
}
