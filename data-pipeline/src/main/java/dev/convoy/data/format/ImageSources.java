package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** The formats that images can come in, by name. A new format is one more entry here. */
public final class ImageSources {
  /** The format that stands for whichever one a place's files have. */
  public static final String AUTOMATIC = "auto";

  private static final Map<String, Factory> FACTORIES =
      new TreeMap<>(
          Map.of(
              AUTOMATIC,
              AutomaticSource::new,
              "image-folder",
              ImageFolderSource::new,
              "idx",
              IdxSource::new,
              "cifar10-binary",
              Cifar10Source::new,
              "manifest",
              ManifestSource::new,
              "parquet",
              ParquetSource::new,
              "shards",
              ShardsSource::new,
              "webdataset",
              WebDatasetSource::new,
              "synthetic",
              (settings, hadoop) -> new SyntheticSource(settings)));

  private ImageSources() {}

  /** The names of all formats, sorted. */
  public static Set<String> formats() {
    return Collections.unmodifiableSet(FACTORIES.keySet());
  }

  /**
   * Opens a source; cheap, and touches no file.
   *
   * @param hadoop where file systems and their settings are found
   * @throws IllegalArgumentException when the format is unknown or a setting that it needs is
   *     missing
   */
  public static ImageSource open(SourceSettings settings, Configuration hadoop) {
    Factory factory = FACTORIES.get(settings.format());
    if (factory == null) {
      throw new IllegalArgumentException(
          "Cannot open a data source: expected a format of "
              + String.join(", ", FACTORIES.keySet())
              + ", found "
              + settings.format()
              + ".");
    }
    return factory.open(settings, hadoop);
  }

  /** The format that a location's files have, whatever its settings say; empty if none fits. */
  public static Optional<String> formatOf(SourceSettings settings, Configuration hadoop) {
    try {
      return Optional.of(new AutomaticSource(settings, hadoop).format());
    } catch (IOException | DataException e) {
      return Optional.empty();
    }
  }

  /**
   * Opens a directory of images of which no class is known; all of them are listed as of one class.
   *
   * @param hadoop where file systems and their settings are found
   */
  public static ImageSource unlabelled(SourceSettings settings, Configuration hadoop) {
    return new UnlabelledSource(settings, hadoop);
  }

  private interface Factory {
    ImageSource open(SourceSettings settings, Configuration hadoop);
  }
}
