package dev.convoy.worker.onednn;

/**
 * How rows of tiles lie in memory: in streams, each of what stands at one place of the tiles.
 *
 * @param grid the tiles
 * @param isByImage whether an image's streams lie before the next image's, as pixels do: axes
 *     [image, stream, row of tiles, column of tiles, channel] (see {@link TileGrid#inTiles}); else
 *     [stream, image, row of tiles, column of tiles, channel], as factors of products do
 */
record TileLines(TileGrid grid, boolean isByImage) {
  /** Of pixels. */
  static TileLines ofPixels(TileGrid grid) {
    return new TileLines(grid, true);
  }

  /** Of factors of products, or their sums. */
  static TileLines ofFactors(TileGrid grid) {
    return new TileLines(grid, false);
  }

  /** Where a row of tiles of a stream begins; rows are counted over all images. */
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
