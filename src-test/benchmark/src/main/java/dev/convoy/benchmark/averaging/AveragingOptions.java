package dev.convoy.benchmark.averaging;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** What can be chosen of averaging alone, on the command line. */
public final class AveragingOptions {
  private static final int LEAST_PARAMETERS = 10_000;
  private static final int LEAST_MEMORY = 450;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--parameters",
      split = ",",
      paramLabel = "SIZES",
      description =
          "of a network, whose momentum is as long again; of averaging; default: 25600000,138000000")
  private List<Integer> parameters = List.of(25_600_000, 138_000_000);

  @Option(
      names = "--executors",
      split = ",",
      paramLabel = "NUMBERS",
      description =
          "of one core each; of averaging; default: 2,4,8,16, beyond 100 million parameters 2,4")
  private List<Integer> executors = List.of();

  @Option(
      names = "--ways",
      split = ",",
      paramLabel = "NAMES",
      converter = WayConverter.class,
      description =
          "of averaging: driver, executors, executors-bfloat16, executors-8-bit, dl4j; default: all")
  private List<Way> ways = List.of(Way.values());

  @Option(
      names = "--executor-memory",
      paramLabel = "MIB",
      description =
          "heap of an executor; of averaging; default: what a way needs; given, nothing is skipped")
  private Integer executorMemory;

  /**
   * What was chosen.
   *
   * @param parameters of networks
   * @param executors at least 2 each; empty for what is usual
   * @param ways at least one
   * @param executorMemory heap of an executor, in MiB; empty for what it needs
   */
  record Choice(
      List<Integer> parameters,
      List<Integer> executors,
      List<Way> ways,
      OptionalInt executorMemory) {}

  /**
   * Looks whether what was given can be measured.
   *
   * @throws ParameterException if not
   */
  public void check() {
    parameters.forEach(count -> require("--parameters", LEAST_PARAMETERS, count));
    executors.forEach(count -> require("--executors", 2, count));
    if (executorMemory != null) {
      require("--executor-memory", LEAST_MEMORY, executorMemory);
    }
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
        parameters,
        executors,
        ways,
        executorMemory == null ? OptionalInt.empty() : OptionalInt.of(executorMemory));
  }

  private static final class WayConverter implements ITypeConverter<Way> {
    @Override
    public Way convert(String value) {
      try {
        return Way.named(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
