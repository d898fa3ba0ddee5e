package dev.convoy.driver.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.Text;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * The holder of a lock, as its file names it.
 *
 * @param process that works in the directory
 * @param token random, tells one taking of the lock from every other
 * @param command that it runs, for people
 * @param since when it took the lock, by its own clock
 */
record LockHolder(ProcessIdentity process, UUID token, String command, Instant since) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_TEXT = 1000;

  /** This process, about to take a lock. */
  static LockHolder here(String command) {
    return new LockHolder(ProcessIdentity.own(), UUID.randomUUID(), command, Instant.now());
  }

  /** Who it is, for people. */
  String description() {
    return Text.of(
        "%s, process %d, since %s",
        process.host(), process.id(), since.truncatedTo(ChronoUnit.SECONDS));
  }

  /** One line of JSON. */
  String toJson() {
    return JSON.createObjectNode()
            .put("host", process.host())
            .put("system", process.system())
            .put("process", process.id())
            .put("start", process.start())
            .put("token", token.toString())
            .put("command", command)
            .put("since", since.toString())
        + "\n";
  }

  /** Empty for anything that {@link #toJson} did not write. */
  static Optional<LockHolder> parse(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (!json.path("process").canConvertToLong()) {
        return Optional.empty();
      }
      return Optional.of(
          new LockHolder(
              new ProcessIdentity(
                  text(json, "host"),
                  text(json, "system"),
                  json.path("process").asLong(),
                  text(json, "start")),
              UUID.fromString(text(json, "token")),
              text(json, "command"),
              Instant.parse(text(json, "since"))));
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Text that can be shown on a line. */
  private static String text(JsonNode json, String name) {
    String text = json.path(name).asText();
    if (text.length() > MAX_TEXT || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(name);
    }
    return text;
  }
}
