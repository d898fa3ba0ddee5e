package dev.convoy.worker.onednn;

/**
 * Tiles of 4 × 4 pixels of some images, and how they lie in streams.
 *
 * @param images how many
 * @param tilesDown rows of tiles of an image
 * @param tilesAcross columns of tiles of an image
 * @param channels of a pixel
 */
record TileGrid(int images, int tilesDown, int tilesAcross, int channels) {
  /** Pixels of a tile, along each axis. */
  static final int EDGE = 4;

  /** Pixels of a tile. */
  static final int PLACES = EDGE * EDGE;

  /** How many tiles cover so many pixels. */
  static int tiles(long pixels) {
    return Math.toIntExact((pixels + EDGE - 1) / EDGE);
  }

  /** All tiles. */
  int tiles() {
    return rows() * tilesAcross;
  }

  /** Rows of tiles of all images. */
  int rows() {
    return images * tilesDown;
  }

  /** How many values a stream has of a row of tiles. */
  int row() {
    return tilesAcross * channels;
  }

  /** How many values a stream has. */
  int stream() {
    return rows() * row();
  }
}
