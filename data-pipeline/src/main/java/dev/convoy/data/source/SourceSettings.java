package dev.convoy.data.source;

import dev.convoy.data.StoredShape;
import java.io.Serializable;
import java.util.Objects;

/**
 * Everything that opens a source.
 *
 * @param format one of {@link ImageSources#formats()}
 * @param location directory or file, as any Hadoop file system names it; ignored by {@code
 *     synthetic}, and then possibly null
 * @param role which part of the data is wanted
 * @param store the shapes that images are brought to
 * @param limits how large an encoded image may be
 * @param columns of tables
 * @param synthetic needed by {@code synthetic}, else possibly null
 */
public record SourceSettings(
    String format,
    String location,
    Role role,
    StoredShape store,
    DecodeLimits limits,
    TableColumns columns,
    SyntheticSettings synthetic)
    implements Serializable {
  /** Checks that what every format needs is there. */
  public SourceSettings {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(columns, "columns");
  }

  /** The same place, read as another format. */
  public SourceSettings withFormat(String other) {
    return new SourceSettings(other, location, role, store, limits, columns, synthetic);
  }
}
