package dev.convoy.data.source;

import dev.convoy.data.random.KeyedRandom;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where examples are and what they are labelled: columns of primitive arrays, small enough to
 * travel to executors. An example's id is its index in the full listing of its source and stays
 * with it in every selection. A file that holds many examples appears once, with record numbers.
 *
 * <p>Immutable. A plain class, not a record, so that Kryo's field serializer can carry it.
 */
public final class Listing {
  private static final int NO_RECORD = -1;
  private static final float[] NO_NUMBERS = {};

  private final String[] files;
  private final long[] versions;
  private final long[] modified;
  private final int[] fileOf;
  private final int[] recordOf;
  private final int[] labels;
  private final int[] ids;

  /** How much every example counts; null where all count alike. */
  private final float[] weights;

  /** Axes [example, number]; null where labels are classes. */
  private final float[] numbers;

  private Listing(
      String[] files,
      long[] versions,
      long[] modified,
      int[] fileOf,
      int[] recordOf,
      int[] labels,
      int[] ids,
      float[] weights,
      float[] numbers) {
    this.files = files;
    this.versions = versions;
    this.modified = modified;
    this.fileOf = fileOf;
    this.recordOf = recordOf;
    this.labels = labels;
    this.ids = ids;
    this.weights = weights;
    this.numbers = numbers;
  }

  /**
   * A full listing with ids 0, 1, 2 and so on. Takes over the arrays.
   *
   * @param files names of files
   * @param fileOf for every example, an index into {@code files}
   * @param recordOf for every example, its number within the file, or -1 when the file is the
   *     example
   * @param labels for every example, its class
   */
  public static Listing of(String[] files, int[] fileOf, int[] recordOf, int[] labels) {
    int size = labels.length;
    if (fileOf.length != size || recordOf.length != size) {
      throw new IllegalArgumentException(
          "Cannot list examples: expected columns of one length, found "
              + fileOf.length
              + " files, "
              + recordOf.length
              + " records and "
              + size
              + " labels.");
    }
    int[] ids = new int[size];
    for (int i = 0; i < size; i++) {
      if (fileOf[i] < 0 || fileOf[i] >= files.length || recordOf[i] < NO_RECORD || labels[i] < 0) {
        throw new IllegalArgumentException(
            "Cannot list examples: expected a known file, a record and a label, found file "
                + fileOf[i]
                + ", record "
                + recordOf[i]
                + " and label "
                + labels[i]
                + " for example "
                + i
                + ".");
      }
      ids[i] = i;
    }
    return new Listing(
        files,
        new long[files.length],
        new long[files.length],
        fileOf,
        recordOf,
        labels,
        ids,
        null,
        null);
  }

  /** A full listing of files that are one example each. Takes over the arrays. */
  public static Listing ofFiles(String[] files, int[] labels) {
    int[] fileOf = new int[files.length];
    Arrays.setAll(fileOf, i -> i);
    int[] recordOf = new int[files.length];
    Arrays.fill(recordOf, NO_RECORD);
    return of(files, fileOf, recordOf, labels);
  }

  /** A full listing of one file with one record per label. Takes over the array. */
  public static Listing ofRecords(String file, int[] labels) {
    int[] recordOf = new int[labels.length];
    Arrays.setAll(recordOf, i -> i);
    return of(new String[] {file}, new int[labels.length], recordOf, labels);
  }

  /**
   * The same examples with what is known of their files. Takes over the arrays.
   *
   * @param newVersions for every file of a full listing, a number that is another when its content
   *     is, such as {@link #version} of its length and time; 0 where nothing is known
   * @param modifiedMillis for every file, when it was changed last, in milliseconds since 1970; 0
   *     where that is not known
   */
  public Listing withVersions(long[] newVersions, long[] modifiedMillis) {
    if (newVersions.length != files.length || modifiedMillis.length != files.length) {
      throw new IllegalArgumentException(
          "Cannot list examples: expected versions and times of "
              + files.length
              + " files, found "
              + newVersions.length
              + " and "
              + modifiedMillis.length
              + ".");
    }
    return new Listing(
        files, newVersions, modifiedMillis, fileOf, recordOf, labels, ids, weights, numbers);
  }

  /**
   * The same examples with weights. Takes over the array.
   *
   * @param newWeights for every example how much it counts in the loss, at least 0
   */
  public Listing withWeights(float[] newWeights) {
    if (newWeights.length != size()) {
      throw new IllegalArgumentException(
          "Cannot list examples: expected "
              + size()
              + " weights, found "
              + newWeights.length
              + ".");
    }
    boolean alike = true;
    for (float weight : newWeights) {
      alike &= weight == 1;
    }
    return new Listing(
        files,
        versions,
        modified,
        fileOf,
        recordOf,
        labels,
        ids,
        alike ? null : newWeights,
        numbers);
  }

  /**
   * The same examples with numbers to be learned. Takes over the array.
   *
   * @param newNumbers axes [example, number], as many for each
   */
  public Listing withNumbers(float[] newNumbers) {
    if (size() == 0 || newNumbers.length == 0 || newNumbers.length % size() != 0) {
      throw new IllegalArgumentException(
          "Cannot list examples: expected as many numbers for each of "
              + size()
              + ", found "
              + newNumbers.length
              + ".");
    }
    return new Listing(
        files, versions, modified, fileOf, recordOf, labels, ids, weights, newNumbers);
  }

  /** The version of a file that has that length and was changed at that time. */
  public static long version(long bytes, long modifiedMillis) {
    return absorb(KeyedRandom.mix(bytes), modifiedMillis);
  }

  /** How many examples there are. */
  public int size() {
    return labels.length;
  }

  /** The class of the example at position {@code i}. */
  public int label(int i) {
    return labels[i];
  }

  /** How much the example at position {@code i} counts in the loss; 1 where nothing says more. */
  public float weight(int i) {
    return weights == null ? 1 : weights[i];
  }

  /** How many numbers are to be learned of each example; 0 where labels are classes. */
  public int numbersEach() {
    return numbers == null || size() == 0 ? 0 : numbers.length / size();
  }

  /** The numbers of the example at position {@code i}; not to be changed. */
  public float[] numbers(int i) {
    int width = numbersEach();
    return width == 0 ? NO_NUMBERS : Arrays.copyOfRange(numbers, i * width, (i + 1) * width);
  }

  /** How many examples each of {@code classes} classes has. */
  public long[] classCounts(int classes) {
    long[] counts = new long[classes];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  /** The index of the example at position {@code i} in the full listing. */
  public int id(int i) {
    return ids[i];
  }

  /** The file of the example at position {@code i}. */
  public String file(int i) {
    return files[fileOf[i]];
  }

  /** What was known of the content of that file when it was listed; 0 for nothing. */
  public long version(int i) {
    return versions[fileOf[i]];
  }

  /** When that file was changed last, in milliseconds since 1970; 0 if that is not known. */
  public long modifiedMillis(int i) {
    return modified[fileOf[i]];
  }

  /** The number of the example at position {@code i} within its file, or -1. */
  public int record(int i) {
    return recordOf[i];
  }

  /** Where the example at position {@code i} is, for messages: {@code path} or {@code path#7}. */
  public String location(int i) {
    return recordOf[i] == NO_RECORD ? file(i) : file(i) + "#" + recordOf[i];
  }

  /** The examples at {@code positions}, in that order, with their ids and only their files. */
  public Listing select(int[] positions) {
    int size = positions.length;
    int[] newIndexOf = new int[files.length];
    Arrays.fill(newIndexOf, -1);
    String[] usedFiles = new String[Math.min(files.length, size)];
    long[] usedVersions = new long[usedFiles.length];
    long[] usedModified = new long[usedFiles.length];
    int used = 0;
    int[] selectedFileOf = new int[size];
    int[] selectedRecordOf = new int[size];
    int[] selectedLabels = new int[size];
    int[] selectedIds = new int[size];
    float[] selectedWeights = weights == null ? null : new float[size];
    int width = numbersEach();
    float[] selectedNumbers = numbers == null ? null : new float[size * width];
    for (int i = 0; i < size; i++) {
      int position = positions[i];
      int file = fileOf[position];
      if (newIndexOf[file] < 0) {
        usedFiles[used] = files[file];
        usedVersions[used] = versions[file];
        usedModified[used] = modified[file];
        newIndexOf[file] = used++;
      }
      selectedFileOf[i] = newIndexOf[file];
      selectedRecordOf[i] = recordOf[position];
      selectedLabels[i] = labels[position];
      selectedIds[i] = ids[position];
      if (weights != null) {
        selectedWeights[i] = weights[position];
      }
      if (numbers != null) {
        System.arraycopy(numbers, position * width, selectedNumbers, i * width, width);
      }
    }
    return new Listing(
        Arrays.copyOf(usedFiles, used),
        Arrays.copyOf(usedVersions, used),
        Arrays.copyOf(usedModified, used),
        selectedFileOf,
        selectedRecordOf,
        selectedLabels,
        selectedIds,
        selectedWeights,
        selectedNumbers);
  }

  /** The same examples with label {@code newLabels[label]} in place of {@code label}. */
  Listing relabel(int[] newLabels) {
    int[] relabelled = Arrays.stream(labels).map(label -> newLabels[label]).toArray();
    return new Listing(
        files, versions, modified, fileOf, recordOf, relabelled, ids, weights, numbers);
  }

  /**
   * A 64-bit hash over ids, files and their versions, records, labels and weights in their order.
   * Equal listings have equal fingerprints on every machine.
   */
  public long fingerprint() {
    long[] fileHashes = new long[files.length];
    for (int file = 0; file < files.length; file++) {
      long name = hash(files[file]);
      fileHashes[file] = versions[file] == 0 ? name : absorb(name, versions[file]);
    }
    long hash = KeyedRandom.mix(size());
    for (int i = 0; i < size(); i++) {
      hash = absorb(hash, ids[i]);
      hash = absorb(hash, fileHashes[fileOf[i]]);
      hash = absorb(hash, recordOf[i]);
      hash = absorb(hash, labels[i]);
      if (weights != null) {
        hash = absorb(hash, Float.floatToIntBits(weights[i]));
      }
    }
    if (numbers != null) {
      for (float number : numbers) {
        hash = absorb(hash, Float.floatToIntBits(number));
      }
    }
    return hash;
  }

  /**
   * A 64-bit hash over ids, weights and numbers, whatever the order and the files: what is to be
   * learned of the examples besides their classes. 0 where nothing is.
   */
  public long targetsFingerprint() {
    if (weights == null && numbers == null) {
      return 0;
    }
    long sum = 0;
    for (int i = 0; i < size(); i++) {
      long hash = absorb(KeyedRandom.mix(ids[i] + 1L), Float.floatToIntBits(weight(i)));
      for (float number : numbers(i)) {
        hash = absorb(hash, Float.floatToIntBits(number));
      }
      sum += hash;
    }
    return sum;
  }

  private static long hash(String file) {
    byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
    long hash = KeyedRandom.mix(bytes.length);
    for (byte value : bytes) {
      hash = absorb(hash, value);
    }
    return hash;
  }

  private static long absorb(long hash, long value) {
    return KeyedRandom.mix(hash * 31 + value + 1);
  }
}
