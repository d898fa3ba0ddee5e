package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.state.TrainingState;

/**
 * How a run ended.
 *
 * @param status why it ended
 * @param summary what summary.json holds
 */
public record TrainingOutcome(TrainingState.Status status, JsonNode summary) {}
