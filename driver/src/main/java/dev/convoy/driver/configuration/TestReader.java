package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.driver.configuration.RunConfiguration.Test;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code data.test}. */
public final class TestReader {
  private static final String KEY = "data.test";
  private static final String EXPECTED = "a fraction in (0, 1), a path, null or off";
  private static final ValueType<Double> FRACTION =
      new ValueType.Notation<>(
          text -> ValueType.number(Range.open(0, 1)).read(text, new ArrayList<>()), EXPECTED);
  private static final String BESIDE_SYNTHETIC =
      "null or off beside generated images, which draw their own; data.format=auto and data.train"
          + " read yours";
  private static final Pattern HELD_OUT =
      Pattern.compile("held out ([0-9]*\\.?[0-9]+([eE]-?[0-9]+)?)");

  private TestReader() {}

  static Optional<Test> read(Settings settings, boolean synthetic) {
    if (settings.isOff(KEY)) {
      return Optional.empty();
    }
    if (synthetic) {
      if (!settings.isNull(KEY)) {
        settings.problem(KEY, BESIDE_SYNTHETIC);
      }
      return Optional.of(new Test.Location(""));
    }
    if (settings.isNumber(KEY)) {
      return settings.value(KEY, FRACTION).map(Test.Fraction::new);
    }
    Matcher heldOut = HELD_OUT.matcher(settings.optionalText(KEY).orElse(""));
    if (!heldOut.matches()) {
      return settings.path(KEY).map(Test.Location::new);
    }
    double fraction = Double.parseDouble(heldOut.group(1));
    if (!(fraction > 0 && fraction < 1)) {
      settings.problem(KEY, EXPECTED);
    }
    return Optional.of(new Test.HeldOut(fraction));
  }

  /**
   * A configuration that does not read the test images; a fraction of the training images stays
   * held out.
   *
   * @param run as it was written
   */
  public static Config withoutTest(Config run) {
    Settings settings = new Settings(ConfigurationReader.effective(run), new ArrayList<>());
    String test =
        read(settings, false)
            .flatMap(Test::untested)
            .map(untested -> "held out " + ((Test.HeldOut) untested).value())
            .orElse("off");
    return run.withValue(KEY, ConfigValueFactory.fromAnyRef(test));
  }
}
