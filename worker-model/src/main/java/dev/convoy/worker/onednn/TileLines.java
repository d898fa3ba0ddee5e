package dev.convoy.worker.onednn;

/**
 * How rows of tiles lie in memory: in streams, each of what stands at one place of all tiles, axes
 * [row of tiles of all images, column of tiles, channel].
 *
 * @param grid the tiles
 * @param isByImage whether all streams of an image lie before the next image's, as pixels do (see
 *     {@link TileGrid#inTiles}); else a stream has all images, as factors of products do
 */
record TileLines(TileGrid grid, boolean isByImage) {
  static TileLines ofPixels(TileGrid grid) {
    return new TileLines(grid, true);
  }

  static TileLines ofFactors(TileGrid grid) {
    return new TileLines(grid, false);
  }

  /** Where a row of a stream begins. */
  int begin(int stream, int row) {
    if (!isByImage) {
      return stream * grid.rows() * grid.row() + row * grid.row();
    }
    int image = row / grid.tilesDown();
    return image * grid.image() + stream * grid.place() + row % grid.tilesDown() * grid.row();
  }

  /** How many rows of a stream lie behind each other, from one on. */
  int together(int row) {
    return isByImage ? grid.tilesDown() - row % grid.tilesDown() : grid.rows() - row;
  }
}
