package dev.convoy.driver.stock;

import static java.util.Map.entry;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Option;
import dev.convoy.worker.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** Deeplearning4j's update rules, by the names of Convoy's. Its formulas are its own. */
final class StockRules {
  private static final SortedMap<String, Maker> MAKERS =
      new TreeMap<>(
          Map.ofEntries(
              entry("sgd", (rate, rule) -> new Sgd(rate)),
              entry("nesterov", (rate, rule) -> new Nesterovs(rate, number(rule, "momentum"))),
              entry("adam", StockRules::adam),
              entry("adamw", StockRules::adam),
              entry("amsgrad", StockRules::amsgrad),
              entry("nadam", StockRules::nadam),
              entry("adagrad", (rate, rule) -> new AdaGrad(rate, number(rule, "epsilon"))),
              entry("rmsprop", StockRules::rmsprop)));

  private StockRules() {}

  /** Makes a rule. */
  private interface Maker {
    IUpdater make(ISchedule rate, ComponentSettings rule);
  }

  /** The names of those that there are. */
  static SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(MAKERS.keySet()));
  }

  /**
   * Makes the rule that stands for one of Convoy's.
   *
   * @param rule one of {@link #names}
   */
  static IUpdater of(ComponentSettings rule, ISchedule rate) {
    return MAKERS.get(rule.name()).make(rate, rule);
  }

  private static IUpdater adam(ISchedule rate, ComponentSettings rule) {
    Adam adam = new Adam(rate);
    adam.setBeta1(number(rule, "beta1"));
    adam.setBeta2(number(rule, "beta2"));
    adam.setEpsilon(number(rule, "epsilon"));
    return adam;
  }

  private static IUpdater amsgrad(ISchedule rate, ComponentSettings rule) {
    AMSGrad amsgrad = new AMSGrad(rate);
    amsgrad.setBeta1(number(rule, "beta1"));
    amsgrad.setBeta2(number(rule, "beta2"));
    amsgrad.setEpsilon(number(rule, "epsilon"));
    return amsgrad;
  }

  private static IUpdater nadam(ISchedule rate, ComponentSettings rule) {
    Nadam nadam = new Nadam(rate);
    nadam.setBeta1(number(rule, "beta1"));
    nadam.setBeta2(number(rule, "beta2"));
    nadam.setEpsilon(number(rule, "epsilon"));
    return nadam;
  }

  private static IUpdater rmsprop(ISchedule rate, ComponentSettings rule) {
    RmsProp rmsprop = new RmsProp(rate);
    rmsprop.setRmsDecay(number(rule, "rho"));
    rmsprop.setEpsilon(number(rule, "epsilon"));
    return rmsprop;
  }

  /** The value of a rule's option. */
  private static double number(ComponentSettings rule, String name) {
    Option<?> option = Optimizers.FAMILY.member(rule.name()).option(name).orElseThrow();
    Object value = rule.options().getOrDefault(name, option.plainDefault().orElseThrow());
    return (Double) option.type().read(value, new ArrayList<>()).orElseThrow();
  }
}
