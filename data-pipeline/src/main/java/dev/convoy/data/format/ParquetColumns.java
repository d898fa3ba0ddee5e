package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.source.TableColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * The columns of a table that hold images and their classes.
 *
 * @param image encoded images
 * @param label classes, as texts or whole numbers; or the paths of the files that images were
 * @param isPath whether the class is the folder of a path, as in what Spark's {@code binaryFile}
 *     reads
 */
record ParquetColumns(ColumnDescriptor image, ColumnDescriptor label, boolean isPath) {
  private static final Set<String> IMAGE_NAMES =
      Set.of("image", "image.bytes", "img", "img.bytes", "content", "bytes", "data", "jpg", "png");

  private static final Set<String> LABEL_NAMES =
      Set.of("label", "class", "class_name", "category", "target", "cls");

  private static final String IMAGE_KEY = "data.columns.image";
  private static final String LABEL_KEY = "data.columns.label";

  /** Spark's own name. */
  private static final Set<String> PATH_NAMES = Set.of("path");

  /** Finds the columns in a table. */
  static ParquetColumns of(MessageType schema, TableColumns names, Path file) {
    ColumnDescriptor image =
        find(schema, names.imageName(), IMAGE_NAMES, ParquetColumns::holdsBytes, IMAGE_KEY, file)
            .orElseThrow(() -> missing("a binary column of images", IMAGE_KEY, schema, file));
    Optional<ColumnDescriptor> label =
        find(schema, names.labelName(), LABEL_NAMES, ParquetColumns::holdsNames, LABEL_KEY, file);
    if (label.isPresent() || names.label() != null) {
      return new ParquetColumns(
          image,
          label.orElseThrow(
              () ->
                  missing(
                      "a column of texts or whole numbers for the class", LABEL_KEY, schema, file)),
          false);
    }
    return new ParquetColumns(
        image,
        find(schema, Optional.empty(), PATH_NAMES, ParquetColumns::holdsNames, LABEL_KEY, file)
            .orElseThrow(
                () ->
                    missing("a column label, class or category, or path", LABEL_KEY, schema, file)),
        true);
  }

  /** The class that a value of the label's column stands for. */
  String className(ColumnReader value) {
    PrimitiveTypeName type = label.getPrimitiveType().getPrimitiveTypeName();
    if (type == PrimitiveTypeName.INT32) {
      return Integer.toString(value.getInteger());
    }
    if (type == PrimitiveTypeName.INT64) {
      return Long.toString(value.getLong());
    }
    String text = value.getBinary().toStringUsingUTF8();
    return isPath ? folder(text) : text.strip();
  }

  private static String folder(String path) {
    int end = path.lastIndexOf('/');
    return end <= 0 ? "" : path.substring(path.lastIndexOf('/', end - 1) + 1, end);
  }

  /** The part of a schema that is one column. */
  static MessageType only(MessageType schema, ColumnDescriptor column) {
    String[] path = column.getPath();
    List<GroupType> around = new ArrayList<>();
    Type type = schema;
    for (String name : path) {
      around.add(type.asGroupType());
      type = type.asGroupType().getType(name);
    }
    for (int depth = path.length - 1; depth > 0; depth--) {
      type = around.get(depth).withNewFields(type);
    }
    return new MessageType(schema.getName(), type);
  }

  private static Optional<ColumnDescriptor> find(
      MessageType schema,
      Optional<String> given,
      Set<String> usual,
      Predicate<PrimitiveType> holds,
      String key,
      Path file) {
    List<ColumnDescriptor> found =
        schema.getColumns().stream()
            .filter(
                column -> {
                  String name = String.join(".", column.getPath());
                  return given
                      .map(name::equals)
                      .orElseGet(() -> usual.contains(name.toLowerCase(Locale.ROOT)));
                })
            .filter(column -> column.getMaxRepetitionLevel() == 0)
            .filter(column -> holds.test(column.getPrimitiveType()))
            .toList();
    if (found.size() > 1) {
      throw unclear(
          key.equals(IMAGE_KEY) ? "one column of images" : "one column for the class",
          key,
          found,
          file);
    }
    return found.stream().findFirst();
  }

  private static boolean holdsBytes(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY && !isText(type);
  }

  private static boolean holdsNames(PrimitiveType type) {
    PrimitiveTypeName name = type.getPrimitiveTypeName();
    return name == PrimitiveTypeName.INT32
        || name == PrimitiveTypeName.INT64
        || (name == PrimitiveTypeName.BINARY && isText(type));
  }

  private static boolean isText(PrimitiveType type) {
    return LogicalTypeAnnotation.stringType().equals(type.getLogicalTypeAnnotation());
  }

  private static DataException missing(String expected, String key, MessageType schema, Path file) {
    return unclear(expected, key, schema.getColumns(), file);
  }

  private static DataException unclear(
      String expected, String key, List<ColumnDescriptor> found, Path file) {
    List<String> names = found.stream().map(column -> String.join(".", column.getPath())).toList();
    return DataException.cannot(
        "read " + ParquetSource.WHAT,
        expected,
        "the columns " + String.join(", ", names),
        file,
        "Name it with " + key + ".");
  }

  @Override
  public String toString() {
    return Arrays.toString(image.getPath()) + ", " + Arrays.toString(label.getPath());
  }
}
