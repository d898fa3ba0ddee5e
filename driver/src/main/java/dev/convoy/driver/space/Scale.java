package dev.convoy.driver.space;

/** On which axis a continuous distribution is even. */
enum Scale {
  /** The values themselves. */
  LINEAR {
    @Override
    double toAxis(double value) {
      return value;
    }

    @Override
    double fromAxis(double position) {
      return position;
    }
  },
  /** Their natural logarithms. */
  LOGARITHMIC {
    @Override
    double toAxis(double value) {
      return Math.log(value);
    }

    @Override
    double fromAxis(double position) {
      return Math.exp(position);
    }
  };

  /** Where a value stands on the axis. */
  abstract double toAxis(double value);

  /** The value at a position of the axis. */
  abstract double fromAxis(double position);

  /** The value a share of the way from one value to another, as this scale measures ways. */
  double between(double low, double high, double share) {
    if (share <= 0 || share >= 1) {
      return share <= 0 ? low : high;
    }
    double position = toAxis(low) + share * (toAxis(high) - toAxis(low));
    return Math.max(low, Math.min(high, fromAxis(position)));
  }
}
