package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Family;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Problem;
import dev.convoy.driver.averaging.AveragingStrategies;
import dev.convoy.driver.compression.Compressions;
import dev.convoy.driver.termination.TerminationRules;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.ensemble.CombinationMethods;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.Optimizers;
import dev.convoy.worker.schedule.MomentumSchedules;
import dev.convoy.worker.schedule.Schedules;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A block that names a member of a family and holds its options. It may hold options of the other
 * members, too: they wait until the name is another. They are checked as well.
 */
final class ComponentBlock {
  static final ComponentBlock OPTIMIZER =
      new ComponentBlock("optimizer", "name", Optimizers.FAMILY);

  static final ComponentBlock SCHEDULE =
      new ComponentBlock("optimizer.schedule", "name", Schedules.FAMILY);

  static final ComponentBlock MOMENTUM_SCHEDULE =
      new ComponentBlock("optimizer.momentum-schedule", "name", MomentumSchedules.FAMILY);

  static final ComponentBlock DATA_INITIALIZATION =
      new ComponentBlock("training.data-initialization", "name", DataInitializations.FAMILY);

  static final ComponentBlock LOSS = new ComponentBlock("loss", "name", Losses.FAMILY);

  static final ComponentBlock AVERAGING =
      new ComponentBlock("averaging", "strategy", AveragingStrategies.FAMILY);

  static final ComponentBlock COMPRESSION =
      new ComponentBlock("averaging.compression", "name", Compressions.FAMILY);

  static final ComponentBlock TERMINATION =
      new ComponentBlock("search.early-termination", "rule", TerminationRules.FAMILY);

  static final ComponentBlock COMBINATION =
      new ComponentBlock("ensemble", "combine", CombinationMethods.FAMILY);

  /** Options of the other models are refused in it. */
  static final ComponentBlock MODEL = new ComponentBlock("model", "name", Models.FAMILY);

  /** Those that may hold options of the other members. */
  static final List<ComponentBlock> ALL =
      List.of(
          LOSS,
          OPTIMIZER,
          SCHEDULE,
          MOMENTUM_SCHEDULE,
          DATA_INITIALIZATION,
          AVERAGING,
          COMPRESSION,
          TERMINATION,
          COMBINATION);

  private static final Set<String> OPTION_KEYS =
      ALL.stream()
          .flatMap(
              block ->
                  block.family.members().stream()
                      .flatMap(member -> member.options().stream())
                      .map(option -> block.key(option.name())))
          .collect(
              Collectors.collectingAndThen(
                  Collectors.toCollection(LinkedHashSet::new), Collections::unmodifiableSet));

  private final String block;
  private final String nameKey;
  private final Family<?> family;

  private ComponentBlock(String block, String nameKey, Family<?> family) {
    this.block = block;
    this.nameKey = nameKey;
    this.family = family;
  }

  /** The keys of all options of all members in all such blocks. */
  static Set<String> optionKeys() {
    return OPTION_KEYS;
  }

  /** A configuration in which the named members' options that are null have their defaults. */
  static Config withDefaults(Config config) {
    Config complete = config;
    for (ComponentBlock block : ALL) {
      if (config.hasPath(block.nameKey())
          && config.getValue(block.nameKey()).unwrapped() instanceof String name
          && block.family.names().contains(name)) {
        for (Option<?> option : block.family.member(name).options()) {
          String key = block.key(option.name());
          if (!complete.hasPath(key) && option.plainDefault().isPresent()) {
            ConfigValue value =
                ConfigValueFactory.fromAnyRef(
                    asWritten(option.plainDefault().get()), "default of " + name);
            complete = complete.withValue(key, value);
          }
        }
      }
    }
    return complete;
  }

  /** The keys of the options of the member that the block names. */
  List<String> optionKeys(Settings settings) {
    String name = String.valueOf(settings.members(block).get(nameKey));
    return family.names().contains(name)
        ? names(family.member(name)).stream().map(this::key).toList()
        : List.of();
  }

  /** The value that reading its text gives: 1 for 1.0. */
  private static Object asWritten(Object value) {
    boolean isWhole = value instanceof Double number && number == number.intValue();
    return isWhole ? ((Double) value).intValue() : value;
  }

  Family<?> family() {
    return family;
  }

  /** The member that the block names, with its options; what does not fit is noted. */
  ComponentSettings read(Settings settings) {
    String name = settings.oneOf(nameKey(), new TreeSet<>(family.names()));
    Map<String, Object> options = settings.members(block);
    options.values().removeIf(value -> value == null);
    Map<String, Option<?>> declared = declared(family.member(name));
    options
        .keySet()
        .removeIf(
            option ->
                !declared.containsKey(option)
                    || settings.value(key(option), declared.get(option).type()).isEmpty());
    options.keySet().retainAll(names(family.member(name)));
    for (Problem unfit : family.problems(new ComponentSettings(name, options))) {
      settings.problem(key(unfit.path()), unfit.expected());
      options.remove(unfit.path()); // so that what is read can be made
    }
    return new ComponentSettings(name, options);
  }

  /** Every option of the family by its name; where members share one, as {@code first} has it. */
  private Map<String, Option<?>> declared(Component<?> first) {
    Map<String, Option<?>> declared = new LinkedHashMap<>();
    first.options().forEach(option -> declared.put(option.name(), option));
    family.members().stream()
        .flatMap(member -> member.options().stream())
        .forEach(option -> declared.putIfAbsent(option.name(), option));
    return declared;
  }

  private static List<String> names(Component<?> member) {
    return member.options().stream().map(Option::name).toList();
  }

  String nameKey() {
    return key(nameKey);
  }

  String key(String option) {
    return block + "." + option;
  }
}
