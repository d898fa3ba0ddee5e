package dev.convoy.driver.space;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.List;
import java.util.stream.IntStream;

/** Search spaces written in HOCON, and draws of them. */
final class Spaces {
  private Spaces() {}

  static Config parse(String hocon) {
    return ConfigFactory.parseString(
        hocon, ConfigParseOptions.defaults().setOriginDescription("space.conf"));
  }

  static SearchSpace of(String hocon) {
    return SearchSpace.of(parse(hocon));
  }

  /** The distribution of a space that has one. */
  static Distribution distribution(String hocon) {
    return of("value = " + hocon).parameters().get(0).distribution();
  }

  static Sampler sampler(Sampler.Method method, SearchSpace space, long seed) {
    return method.over(space, seed, 5, sample -> true);
  }

  /** Values of the distribution, drawn by the random method. */
  static List<Object> draws(String hocon, int count) {
    Sampler sampler = sampler(Sampler.Method.RANDOM, of("value = " + hocon), 20240607);
    return IntStream.range(0, count)
        .mapToObj(trial -> sampler.sample(trial).values().get("value"))
        .toList();
  }

  static double[] numbers(List<Object> draws) {
    return draws.stream().mapToDouble(draw -> ((Number) draw).doubleValue()).toArray();
  }
}
