package dev.convoy.driver.space;

/**
 * A value of the configuration that is drawn.
 *
 * @param key the dotted path where it stands, list positions from 0: {@code augment.0.padding}.
 *     Parameters of different branches may share a key.
 * @param name the column of its values: the key, or for a distribution that is itself an option,
 *     the key and the option. No two parameters that are active together share a name.
 * @param distribution what it is drawn from
 */
public record Parameter(String key, String name, Distribution distribution) {
  /** Whether it is the value of a key, or stands in the block of that name. */
  public boolean isWithin(String block) {
    return key.equals(block) || key.startsWith(block + ".");
  }
}
