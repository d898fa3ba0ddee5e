package dev.convoy.data.format;

/**
 * The classes of synthetic images: flat shapes about as large as the unit disc, each given by a
 * function that is negative inside, positive outside and near the border a distance.
 */
enum SyntheticShape {
  DISC {
    @Override
    double distance(double u, double v) {
      return length(u, v) - 0.9;
    }
  },
  RING {
    @Override
    double distance(double u, double v) {
      return Math.abs(length(u, v) - 0.72) - 0.22;
    }
  },
  SQUARE {
    @Override
    double distance(double u, double v) {
      return box(u, v, 0.78, 0.78);
    }
  },
  TRIANGLE {
    @Override
    double distance(double u, double v) {
      return triangle(u, v, 0.5);
    }
  },
  CROSS {
    @Override
    double distance(double u, double v) {
      return Math.min(box(u, v, 0.95, 0.26), box(u, v, 0.26, 0.95));
    }
  },
  STAR {
    @Override
    double distance(double u, double v) {
      // Folds the plane onto one of the ten halves of a point.
      double x = Math.abs(u);
      double y = v;
      double fold = 2 * Math.max(0, x * COS_36 - y * SIN_36);
      x -= fold * COS_36;
      y += fold * SIN_36;
      fold = 2 * Math.max(0, -x * COS_36 - y * SIN_36);
      x = Math.abs(x + fold * COS_36);
      y += fold * SIN_36 - 1;
      double along = (x * EDGE_X + y * EDGE_Y) / (EDGE_X * EDGE_X + EDGE_Y * EDGE_Y);
      double clamped = Math.max(0, Math.min(1, along));
      double toEdge = length(x - clamped * EDGE_X, y - clamped * EDGE_Y);
      return y * EDGE_X - x * EDGE_Y > 0 ? toEdge : -toEdge;
    }
  },
  BARS {
    @Override
    double distance(double u, double v) {
      double middle = box(u, v, 0.17, 0.85);
      double outer = box(Math.abs(u) - 0.66, v, 0.17, 0.85);
      return Math.min(middle, outer);
    }
  },
  CRESCENT {
    @Override
    double distance(double u, double v) {
      return Math.max(length(u, v) - 0.95, 0.75 - length(u - 0.5, v));
    }
  },
  CHECKER {
    @Override
    double distance(double u, double v) {
      double corners = box(Math.abs(u) - 0.6, Math.abs(v) - 0.6, 0.3, 0.3);
      return Math.min(corners, box(u, v, 0.3, 0.3));
    }
  },
  ARROW {
    @Override
    double distance(double u, double v) {
      double shaft = box(u, v + 0.5, 0.16, 0.5);
      double head = triangle(u, v - 0.4, 0.3);
      return Math.min(shaft, head);
    }
  };

  private static final double COS_36 = 0.809016994374947;
  private static final double SIN_36 = 0.587785252292473;
  private static final double COS_30 = 0.866025403784439;

  /** From a point of the star to the notch beside it, which is 0.45 from the centre. */
  private static final double EDGE_X = 0.45 * SIN_36;

  private static final double EDGE_Y = 0.45 * COS_36 - 1;

  /** Signed distance of the point (u, v) from the border, roughly; v points up. */
  abstract double distance(double u, double v);

  private static double length(double u, double v) {
    return Math.sqrt(u * u + v * v);
  }

  private static double box(double u, double v, double halfWidth, double halfHeight) {
    return Math.max(Math.abs(u) - halfWidth, Math.abs(v) - halfHeight);
  }

  private static double triangle(double u, double v, double inradius) {
    return Math.max(-v, 0.5 * v + COS_30 * Math.abs(u)) - inradius;
  }
}
