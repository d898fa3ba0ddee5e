package dev.convoy.driver.configuration;

import static dev.convoy.data.component.ValueType.number;
import static dev.convoy.data.component.ValueType.wholeNumber;

import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.driver.configuration.RunConfiguration.Transfer;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.LayerRates.Unfreezing;
import java.util.List;
import java.util.Optional;

/** Reads the transfer block. */
final class TransferReader {
  private static final String MODEL = "transfer.model";
  private static final String LAYERS = "transfer.layers";
  private static final String FREEZE = "transfer.freeze";
  private static final String FREEZE_UP_TO = "transfer.freeze-up-to";
  private static final String RATE_DECAY = "transfer.rate-decay";
  private static final String UNFREEZE_EVERY = "transfer.unfreeze-every";
  private static final String UNFREEZE_LAYERS = "transfer.unfreeze-layers";
  private static final ValueType<List<String>> NAMES = new ValueType.Text().list();

  private TransferReader() {}

  /** What the network begins with. */
  static Optional<Transfer> read(Settings settings) {
    Optional<String> model = settings.path(MODEL);
    LayerNames layers = new LayerNames(settings.get(LAYERS, NAMES));
    if (layers.patterns().isEmpty()) {
      settings.problem(LAYERS, "at least one layer, or transfer.model=null for none");
    }
    return model.map(location -> new Transfer(location, layers));
  }

  /** How it goes on from there. */
  static LayerRates rates(Settings settings) {
    Optional<Interval> every =
        settings.get(UNFREEZE_EVERY, Interval.in(Interval.Unit.EPOCHS).orNull());
    LayerRates rates =
        new LayerRates(
            new LayerNames(settings.get(FREEZE, NAMES)),
            new LayerNames(settings.optionalText(FREEZE_UP_TO).map(List::of).orElse(List.of())),
            settings.get(RATE_DECAY, number(Range.openClosed(0, 1))),
            new Unfreezing(
                every.map(epochs -> (int) Math.min(epochs.count(), Integer.MAX_VALUE)).orElse(0),
                settings.get(UNFREEZE_LAYERS, wholeNumber(1))));
    if (settings.isNull(MODEL)) {
      requireNothing(settings, FREEZE, !rates.frozen().patterns().isEmpty());
      requireNothing(settings, FREEZE_UP_TO, !rates.frozenUpTo().patterns().isEmpty());
      requireNothing(settings, RATE_DECAY, rates.decay() != 1);
      requireNothing(settings, UNFREEZE_EVERY, every.isPresent());
    }
    return rates;
  }

  private static void requireNothing(Settings settings, String key, boolean isGiven) {
    if (isGiven) {
      settings.problem(key, "its default where transfer.model is null: all layers are drawn anew");
    }
  }
}
