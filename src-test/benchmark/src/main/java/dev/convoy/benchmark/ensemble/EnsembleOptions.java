package dev.convoy.benchmark.ensemble;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** What can be chosen of the measures of ensembles alone, on the command line. */
public final class EnsembleOptions {
  private static final int DEFAULT_MEMBERS = 5;
  private static final int LEAST_MEMBERS = 2;
  private static final int DEFAULT_STREAMED_IMAGES = 1_000_000;
  private static final int LEAST_STREAMED_IMAGES = 10_000;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--ensemble-measures",
      split = ",",
      paramLabel = "NAMES",
      converter = MeasureConverter.class,
      description = "of ensemble: cost, streaming; default: both")
  private List<EnsembleMeasure> measures = List.of();

  @Option(
      names = "--members",
      paramLabel = "N",
      description = "of an ensemble, which is compared with one network; default: 5")
  private int members = DEFAULT_MEMBERS;

  @Option(
      names = "--streamed-images",
      paramLabel = "N",
      description = "that streaming predicts; default: 1000000, some minutes")
  private int streamedImages = DEFAULT_STREAMED_IMAGES;

  /**
   * What was chosen.
   *
   * @param measures at least one
   * @param members at least 2
   * @param streamedImages at least 10,000
   */
  record Choice(Set<EnsembleMeasure> measures, int members, int streamedImages) {}

  /**
   * Looks whether what was given can be measured.
   *
   * @throws ParameterException if not
   */
  public void check() {
    require("--members", LEAST_MEMBERS, members);
    require("--streamed-images", LEAST_STREAMED_IMAGES, streamedImages);
  }

  private void require(String option, int least, int found) {
    if (found < least) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT,
              "Invalid value for option '%s': expected at least %d, found %d",
              option,
              least,
              found));
    }
  }

  Choice choice() {
    return new Choice(
        measures.isEmpty() ? EnumSet.allOf(EnsembleMeasure.class) : EnumSet.copyOf(measures),
        members,
        streamedImages);
  }

  private static final class MeasureConverter implements ITypeConverter<EnsembleMeasure> {
    @Override
    public EnsembleMeasure convert(String value) {
      try {
        return EnsembleMeasure.named(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
