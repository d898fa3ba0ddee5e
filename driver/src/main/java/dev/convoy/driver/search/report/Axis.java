package dev.convoy.driver.search.report;

import java.util.List;
import java.util.Optional;

/**
 * A hyperparameter, as a report shows it.
 *
 * @param name the key of its values in {@link dev.convoy.driver.trial.TrialEvent#values()}
 * @param logarithmic whether it is looked at by its logarithm; its values are then positive numbers
 * @param categories what it can be, written as text, in the order to be shown; empty for numbers
 */
public record Axis(String name, boolean logarithmic, Optional<List<String>> categories) {}
