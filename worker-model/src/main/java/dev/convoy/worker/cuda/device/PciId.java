package dev.convoy.worker.cuda.device;

import dev.convoy.data.Text;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a card is in a machine, which is the same for all who name it: CUDA counts the cards that a
 * process may see, nvidia-smi all of them.
 */
public record PciId(int domain, int bus, int device) {
  private static final Pattern WRITTEN =
      Pattern.compile("(?:([0-9a-fA-F]{1,8}):)?([0-9a-fA-F]{1,2}):([0-9a-fA-F]{1,2})(?:\\.\\d)?");

  /** Of {@code 0000:01:00.0}, with a domain of any length or none; empty for anything else. */
  public static Optional<PciId> parse(String text) {
    Matcher id = WRITTEN.matcher(text.strip());
    if (!id.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new PciId(
            id.group(1) == null ? 0 : Integer.parseUnsignedInt(id.group(1), 16),
            Integer.parseInt(id.group(2), 16),
            Integer.parseInt(id.group(3), 16)));
  }

  @Override
  public String toString() {
    return Text.of("%04x:%02x:%02x.0", domain, bus, device);
  }
}
