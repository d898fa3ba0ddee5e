package dev.convoy.data.format;

import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Versions of a listing's files: their lengths, and their entity tags or modification times. */
public final class FileVersions {
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
        Path path = Locations.path(file);
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
