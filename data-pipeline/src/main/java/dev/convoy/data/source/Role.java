package dev.convoy.data.source;

import java.util.Locale;

/** What a source's examples are for. */
public enum Role {
  /** Examples that change the parameters. */
  TRAIN(0x01),
  /** Examples that decide when to stop and which parameters are best. */
  VALIDATION(0x02),
  /** Examples that are read once, at the end. */
  TEST(0x03);

  private final long code;

  Role(long code) {
    this.code = code;
  }

  /** The fixed number that stands for this role in random keys. */
  public long code() {
    return code;
  }

  /** The name of this role's folder in a prepared directory: {@code train}, and so on. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
