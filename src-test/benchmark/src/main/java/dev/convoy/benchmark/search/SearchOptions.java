package dev.convoy.benchmark.search;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** What can be chosen of the search's measures, on the command line. */
public final class SearchOptions {
  private static final int DEFAULT_SEEDS = 10;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--measure",
      split = ",",
      paramLabel = "NAMES",
      converter = MeasureConverter.class,
      description =
          "of search: methods (random search, ASHA and Hyperband on MNIST), parallel, scheduling;"
              + " default: parallel and scheduling, with --data all")
  private List<Measure> measures = List.of();

  @Option(names = "--data", paramLabel = "DIR", description = "MNIST's files, for methods")
  private Path data;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "searches that methods runs of each, each some two minutes; default: 10")
  private int seeds = DEFAULT_SEEDS;

  /**
   * What was chosen.
   *
   * @param measures at least one
   * @param data there if methods are among them
   * @param seeds at least 1
   */
  record Choice(Set<Measure> measures, Optional<Path> data, int seeds) {}

  /**
   * Looks whether what was given can be measured.
   *
   * @throws ParameterException if not
   */
  public void check() {
    if (seeds < 1) {
      throw invalid("--seeds", "at least 1", Integer.toString(seeds));
    }
    if (!measures.isEmpty() && measures.contains(Measure.METHODS) && data == null) {
      throw invalid(
          "--measure",
          "--data DIR beside methods, a directory with MNIST's files",
          "methods without it");
    }
    if (data != null && !Files.isDirectory(data)) {
      throw invalid("--data", "a directory with MNIST's files", data + ", which is none");
    }
  }

  private ParameterException invalid(String option, String expected, String found) {
    return new ParameterException(
        spec.commandLine(),
        "Invalid value for option '%s': expected %s, found %s".formatted(option, expected, found));
  }

  Choice choice() {
    EnumSet<Measure> chosen =
        measures.isEmpty()
            ? EnumSet.of(Measure.PARALLEL, Measure.SCHEDULING)
            : EnumSet.copyOf(measures);
    if (measures.isEmpty() && data != null) {
      chosen.add(Measure.METHODS);
    }
    return new Choice(chosen, Optional.ofNullable(data), seeds);
  }

  private static final class MeasureConverter implements ITypeConverter<Measure> {
    @Override
    public Measure convert(String value) {
      try {
        return Measure.named(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
