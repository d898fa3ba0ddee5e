package dev.convoy.driver.space;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import dev.convoy.data.Text;
import dev.convoy.driver.configuration.ConfigurationException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The hyperparameters that a configuration leaves to be drawn: objects such as <code>
 * {log-uniform = [1e-4, 1e-1]}</code> in place of values. The space is the unit cube with one fixed
 * dimension for every distribution of every branch; a point of it is a configuration. Immutable;
 * driver only.
 */
public final class SearchSpace {
  private final SpaceNode root;
  private final List<SpaceReader.Entry> entries;
  private final long[] identities;

  private SearchSpace(SpaceNode root, List<SpaceReader.Entry> entries) {
    this.root = root;
    this.entries = List.copyOf(entries);
    this.identities = entries.stream().mapToLong(entry -> hash(entry.identity())).toArray();
  }

  /**
   * Reads the space.
   *
   * @param written what the user wrote, before defaults are merged in; substitutions need not be
   *     resolved
   * @throws ConfigurationException with every problem
   */
  public static SearchSpace of(Config written) {
    Problems problems = new Problems();
    SpaceReader reader = new SpaceReader(problems);
    SpaceNode root = reader.read(written.root(), resolved(written));
    problems.check();
    return new SearchSpace(root, reader.entries());
  }

  private static ConfigObject resolved(Config written) {
    try {
      return written.resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true)).root();
    } catch (ConfigException e) {
      throw new ConfigurationException(
          "Cannot read the search space: expected substitutions that can be resolved, found "
              + e.getMessage());
    }
  }

  /** Whether nothing is left to be drawn. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** How many parameters there are, of all branches. */
  public int dimensions() {
    return entries.size();
  }

  /** The parameters of all branches, depth-first: the index of each is its dimension. */
  public List<Parameter> parameters() {
    return entries.stream().map(SpaceReader.Entry::parameter).toList();
  }

  /** The distribution of a dimension. */
  Distribution distribution(int dimension) {
    return entries.get(dimension).parameter().distribution();
  }

  /** A hash of the parameter's name and branch alone, whatever else the space holds. */
  long identity(int dimension) {
    return identities[dimension];
  }

  private static long hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot hash: every JDK has SHA-256.", e);
    }
  }

  /**
   * The dimensions that decide the configuration at a point. Whether a dimension does depends only
   * on coordinates of lower dimensions.
   */
  BitSet activeAt(double[] point) {
    BitSet active = new BitSet(dimensions());
    root.activeAt(point, active::set);
    return active;
  }

  /**
   * What a point means.
   *
   * @param point a coordinate in [0, 1) for every dimension; kept, not copied
   */
  public Sample at(double[] point) {
    check(point);
    SortedMap<String, Object> values = new TreeMap<>();
    activeAt(point).stream()
        .forEach(
            dimension -> {
              Parameter parameter = entries.get(dimension).parameter();
              values.put(parameter.name(), parameter.distribution().value(point[dimension]));
            });
    return new Sample(point, values, ((ConfigObject) root.at(point)).toConfig());
  }

  private void check(double[] point) {
    if (point.length != dimensions()) {
      throw new IllegalArgumentException(
          Text.of(
              "Cannot sample: expected a point of %d coordinates, found %d.",
              dimensions(), point.length));
    }
    for (double coordinate : point) {
      if (!(coordinate >= 0 && coordinate < 1)) {
        throw new IllegalArgumentException(
            "Cannot sample: expected coordinates in [0, 1), found " + coordinate + ".");
      }
    }
  }
}
