package dev.convoy.driver;

/** Which Convoy this is. */
public final class Version {
  /** The number of the release, as in the pom. */
  public static final String NUMBER = "0.1.0";

  private Version() {}
}
