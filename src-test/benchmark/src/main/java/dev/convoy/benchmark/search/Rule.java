package dev.convoy.benchmark.search;

/** Rules of early termination that are compared. */
enum Rule {
  /** Every trial to its end: the others are compared with it. */
  RANDOM("none", "random search"),
  /** Asynchronous successive halving. */
  ASHA("asha", "ASHA"),
  /** Hyperband. */
  HYPERBAND("hyperband", "Hyperband");

  private final String key;
  private final String label;

  Rule(String key, String label) {
    this.key = key;
    this.label = label;
  }

  /** The value of {@code search.early-termination}. */
  String key() {
    return key;
  }

  @Override
  public String toString() {
    return label;
  }
}
