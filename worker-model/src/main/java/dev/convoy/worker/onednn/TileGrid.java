package dev.convoy.worker.onednn;

import org.bytedeco.dnnl.memory;

/**
 * Tiles of 4 × 4 pixels of some images. In tiles, as opposed to in blocks, an image lies as 16
 * small ones, one for each place in a tile: axes [image, place's row, place's column, row of tiles,
 * column of tiles, channel].
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

  /** The tiles that cover images of so many rows and columns. */
  static TileGrid of(int images, long channels, long height, long width) {
    return new TileGrid(images, tiles(height), tiles(width), Math.toIntExact(channels));
  }

  /** How many tiles cover so many pixels. */
  static int tiles(long pixels) {
    return Math.toIntExact((pixels + EDGE - 1) / EDGE);
  }

  /** Whether tiles cover no more than the images, whose channels are whole blocks. */
  static boolean isWhole(long channels, long height, long width) {
    return channels % OneDnn.preferredBlock() == 0 && height % EDGE == 0 && width % EDGE == 0;
  }

  /** Rows of pixels of an image, up to the end of its last tile. */
  long height() {
    return (long) EDGE * tilesDown;
  }

  /** Columns of pixels of an image, up to the end of its last tile. */
  long width() {
    return (long) EDGE * tilesAcross;
  }

  /** All tiles. */
  int tiles() {
    return rows() * tilesAcross;
  }

  /** Rows of tiles of all images. */
  int rows() {
    return images * tilesDown;
  }

  /** How many values a row of tiles has of one place in a tile. */
  int row() {
    return tilesAcross * channels;
  }

  /** How many values an image has of one place in a tile. */
  int place() {
    return tilesDown * row();
  }

  /** How many values an image has. */
  int image() {
    return PLACES * place();
  }

  /** The layout of images in tiles, seen as 16 times as many images with channels last. */
  memory.desc inTiles() {
    return OneDnn.channelsLastLayout((long) PLACES * images, channels, tilesDown, tilesAcross);
  }

  /** The layout of whole images in blocks of channels. */
  memory.desc inBlocks() {
    return OneDnn.blockedLayout(OneDnn.preferredBlock(), images, channels, height(), width());
  }

  /** The same as {@link #inBlocks}, seen with the axes of {@link #placesInTiles}. */
  memory.desc placesInBlocks() {
    long block = OneDnn.preferredBlock();
    long row = block * width();
    long plane = row * height();
    return OneDnn.stridedLayout(
        placesOfBlocks(),
        new long[] {
          plane * (channels / block), plane, EDGE * row, row, EDGE * block, block, /* channel= */ 1
        });
  }

  /**
   * The same as {@link #inTiles}, axes [image, block, row of tiles, place's row, column of tiles,
   * place's column, channel].
   */
  memory.desc placesInTiles() {
    return OneDnn.stridedLayout(
        placesOfBlocks(),
        new long[] {
          image(),
          OneDnn.preferredBlock(),
          row(),
          (long) EDGE * place(),
          channels,
          place(),
          /* channel= */ 1
        });
  }

  private long[] placesOfBlocks() {
    long block = OneDnn.preferredBlock();
    return new long[] {images, channels / block, tilesDown, EDGE, tilesAcross, EDGE, block};
  }
}
