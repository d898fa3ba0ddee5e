package dev.convoy.data.component;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The declaration of one member of a family: what it is called, what it is, what can be set, and
 * how it is made. Immutable; stands in the member's own file.
 *
 * @param <T> what the family makes
 */
public final class Component<T> {
  private final String name;
  private final String meaning;
  private final Optional<String> paper;
  private final List<Option<?>> options;
  private final List<Requirement> requirements;
  private final Function<OptionValues, ? extends T> factory;

  /** What the value of an option has to have in common with those of others. */
  private record Requirement(Option<?> option, Predicate<OptionValues> fits, String expected) {
    Problem problem(OptionValues values, ComponentSettings settings) {
      Object given = settings.options().get(option.name());
      return new Problem(option.name(), given == null ? values.value(option) : given, expected);
    }
  }

  private Component(Builder builder, Function<OptionValues, ? extends T> factory) {
    this.name = builder.name;
    this.meaning = builder.meaning;
    this.paper = builder.paper;
    this.options = List.copyOf(builder.options);
    this.requirements = List.copyOf(builder.requirements);
    this.factory = Objects.requireNonNull(factory, "factory");
    if (options.stream().map(Option::name).distinct().count() != options.size()) {
      throw new IllegalArgumentException("Cannot declare " + name + ": two options share a name.");
    }
  }

  /**
   * Begins a declaration.
   *
   * @param name the name in configurations: lower case, words joined by hyphens
   * @param meaning what it is, in one line
   */
  public static Builder named(String name, String meaning) {
    return new Builder(name, meaning);
  }

  /** The name in configurations. */
  public String name() {
    return name;
  }

  /** What it is, in one line. */
  public String meaning() {
    return meaning;
  }

  /** Authors, title and year of what it comes from. */
  public Optional<String> paper() {
    return paper;
  }

  /** What can be set, in the order in which it is best shown. */
  public List<Option<?>> options() {
    return options;
  }

  /**
   * A declaration with the meaning, the paper, the options and the requirements of this one, for
   * what is made of its members.
   *
   * @param otherName the name in configurations
   * @param more options behind those of this declaration
   * @param made what is made of a member and the values of all options
   */
  public <R> Component<R> extended(
      String otherName,
      List<Option<?>> more,
      BiFunction<? super T, OptionValues, ? extends R> made) {
    Builder builder = named(otherName, meaning);
    builder.paper = paper;
    builder.options.addAll(options);
    builder.options.addAll(more);
    builder.requirements.addAll(requirements);
    return builder.createdBy(values -> made.apply(factory.apply(values), values));
  }

  /** The option of a name, if it is declared. */
  public Optional<Option<?>> option(String wanted) {
    return options.stream().filter(option -> option.name().equals(wanted)).findFirst();
  }

  /** Everything in the settings' options that does not fit; see {@link Family#problems}. */
  List<Problem> problems(ComponentSettings settings) {
    List<Problem> problems = new ArrayList<>();
    settings
        .options()
        .forEach(
            (option, value) -> {
              if (option(option).isEmpty()) {
                problems.add(new Problem(option, value, expectedOptions()));
              }
            });
    OptionValues values = values(settings, problems);
    if (problems.isEmpty()) {
      requirements.stream()
          .filter(requirement -> !requirement.fits().test(values))
          .forEach(requirement -> problems.add(requirement.problem(values, settings)));
    }
    return problems;
  }

  /** Makes the component from settings without problems. */
  T create(ComponentSettings settings) {
    return factory.apply(values(settings, new ArrayList<>()));
  }

  private OptionValues values(ComponentSettings settings, List<Problem> problems) {
    Map<Option<?>, Object> values = new HashMap<>();
    for (Option<?> option : options) {
      Object given = settings.options().get(option.name());
      if (given == null) {
        values.put(option, option.defaultValue());
      } else {
        List<Problem> found = new ArrayList<>();
        option.type().read(given, found).ifPresent(value -> values.put(option, value));
        found.forEach(problem -> problems.add(problem.within(option.name())));
      }
    }
    return new OptionValues(name, values);
  }

  private String expectedOptions() {
    return options.isEmpty()
        ? "no option, " + name + " has none"
        : options.stream()
            .map(Option::name)
            .collect(Collectors.joining(", ", "an option of " + name + " (", ")"));
  }

  /** A declaration that is being written. */
  public static final class Builder {
    private final String name;
    private final String meaning;
    private Optional<String> paper = Optional.empty();
    private final List<Option<?>> options = new ArrayList<>();
    private final List<Requirement> requirements = new ArrayList<>();

    private Builder(String name, String meaning) {
      this.name = Objects.requireNonNull(name, "name");
      this.meaning = Objects.requireNonNull(meaning, "meaning");
    }

    /** Names authors, title and year of what the component comes from. */
    public Builder from(String paper) {
      this.paper = Optional.of(paper);
      return this;
    }

    /** Adds options, in the order in which they are best shown. */
    public Builder with(Option<?>... options) {
      this.options.addAll(List.of(options));
      return this;
    }

    /**
     * Refuses values of an option that do not fit those of other options.
     *
     * @param option one of those that are declared
     * @param fits whether they do; asked where each value fits by itself
     * @param expected what fits, in words
     */
    public Builder requiring(Option<?> option, Predicate<OptionValues> fits, String expected) {
      requirements.add(new Requirement(option, fits, expected));
      return this;
    }

    /**
     * Ends the declaration.
     *
     * @param factory makes the component from the values of exactly the declared options
     */
    public <T> Component<T> createdBy(Function<OptionValues, ? extends T> factory) {
      return new Component<>(this, factory);
    }
  }
}
