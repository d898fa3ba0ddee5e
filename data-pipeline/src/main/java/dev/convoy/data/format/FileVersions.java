package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.source.Listing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Map<Path, Map<String, Integer>> folders = new LinkedHashMap<>();
    for (int i = 0; i < listing.size(); i++) {
      Path file = Locations.path(listing.file(i));
      if (!file.isRoot()) {
        folders
            .computeIfAbsent(file.getParent(), any -> new LinkedHashMap<>())
            .put(file.getName(), i);
      }
    }
    long[] versions = new long[listing.size()];
    long[] modified = new long[listing.size()];
    for (var folder : folders.entrySet()) {
      find(
          what,
          folder.getKey(),
          folder.getValue(),
          hadoop,
          (position, file) -> {
            versions[position] = version(file);
            modified[position] = file.getModificationTime();
          });
    }
    return listing.withVersions(versions, modified);
  }

  /** Is told of every file that is there, with its position in a listing. */
  private interface Found {
    void accept(int position, FileStatus file);
  }

  /**
   * Lists a folder of which several files are named, since a thousand entries cost what one file
   * does, and asks for those that are left.
   *
   * @param positions by name; those that are found are removed
   */
  private static void find(
      String what, Path folder, Map<String, Integer> positions, Configuration hadoop, Found found)
      throws IOException {
    FileSystem files;
    try {
      files = Locations.fileSystem(what, folder, hadoop);
    } catch (DataException e) {
      return; // Reading the files reports it.
    }
    if (positions.size() > 1 && !Locations.isLocal(files)) {
      findInListing(what, folder, files, positions, found);
    }
    for (var named : positions.entrySet()) {
      Path file = Locations.child(folder, named.getKey());
      try {
        found.accept(named.getValue(), files.getFileStatus(file));
      } catch (FileNotFoundException | AccessControlException | AccessDeniedException e) {
        // Reading it reports that.
      } catch (IOException e) {
        throw Locations.unreachable(what, "files", file, e);
      }
    }
  }

  private static void findInListing(
      String what, Path folder, FileSystem files, Map<String, Integer> positions, Found found)
      throws IOException {
    long most = (long) ENTRIES_LIKE_ONE_FILE * positions.size();
    try {
      RemoteIterator<FileStatus> entries = files.listStatusIterator(folder);
      for (long seen = 0; seen < most && !positions.isEmpty() && entries.hasNext(); seen++) {
        FileStatus entry = entries.next();
        // A link has another length and time than the file that it leads to.
        Integer position = entry.isFile() ? positions.remove(entry.getPath().getName()) : null;
        if (position != null) {
          found.accept(position, entry);
        }
      }
    } catch (FileNotFoundException | AccessControlException | AccessDeniedException e) {
      // Files may be read in a folder that may not be listed.
    } catch (IOException e) {
      throw Locations.unreachable(what, "files", folder, e);
    }
  }

  /**
   * By its entity tag where a file has one, as an object in a store has: times of those are in
   * seconds, and some servers list them in milliseconds.
   */
  private static long version(FileStatus file) {
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
