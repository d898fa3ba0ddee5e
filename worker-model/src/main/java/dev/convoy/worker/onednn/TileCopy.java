package dev.convoy.worker.onednn;

import java.util.Optional;
import org.bytedeco.dnnl.memory;

/**
 * Copies some images of a batch from blocks of channels to tiles, and back. Places beyond an image
 * are 0.
 */
final class TileCopy {
  private static final long EDGE = TileGrid.EDGE;

  private final Plan plan;
  private final TileGrid grid;
  private final long height;
  private final long width;
  private final long block = OneDnn.preferredBlock();
  private final memory.desc images;
  private final Tensor tiles;

  /** The images with rows and columns up to the end of the last tile, where they have them not. */
  private final Optional<Whole> whole;

  /** The same memory, seen as images without what is beyond them, and as tiles. */
  private record Whole(Tensor all, Tensor images, Tensor tiles) {}

  /**
   * For images of one size.
   *
   * @param grid tiles that cover them
   * @param extent their rows and columns
   * @param tiles as many values as there are places of all tiles, or more
   */
  TileCopy(Plan plan, TileGrid grid, long[] extent, Tensor tiles) {
    this.plan = plan;
    this.grid = grid;
    this.height = extent[0];
    this.width = extent[1];
    boolean isWhole = TileGrid.isWhole(grid.channels(), height, width);
    images =
        isWhole
            ? grid.placesInBlocks()
            : OneDnn.blockedLayout(block, grid.images(), grid.channels(), height, width);
    whole = isWhole ? Optional.empty() : Optional.of(whole());
    this.tiles = plan.seenAs(isWhole ? grid.placesInTiles() : tiles(), tiles);
  }

  /** For images that are whole tiles. */
  static TileCopy ofWhole(Plan plan, TileGrid grid, Tensor tiles) {
    return new TileCopy(plan, grid, new long[] {grid.height(), grid.width()}, tiles);
  }

  private Whole whole() {
    Tensor all = plan.allocate(pixels(grid.height(), grid.width()));
    return new Whole(
        all, plan.seenAs(pixels(height, width), all), plan.seenAs(tilesOfPixels(), all));
  }

  /**
   * Adds the steps that move images to tiles.
   *
   * @param batch in blocks of channels
   * @param first image of the batch
   */
  void addReading(Tensor batch, int first) {
    Tensor part = part(batch, first);
    whole.ifPresentOrElse(
        place -> {
          plan.clear(place.all());
          plan.reorder(part, place.images());
          plan.reorder(place.tiles(), tiles);
        },
        () -> plan.reorder(part, tiles));
  }

  /** Adds the steps that move tiles to images; what is beyond an image is lost. */
  void addWriting(Tensor batch, int first) {
    Tensor part = part(batch, first);
    whole.ifPresentOrElse(
        place -> {
          plan.reorder(tiles, place.tiles());
          plan.reorder(place.images(), part);
        },
        () -> plan.reorder(tiles, part));
  }

  private long blocks() {
    return (grid.channels() + block - 1) / block;
  }

  private Tensor part(Tensor batch, int first) {
    return plan.partOf(images, batch, blocks() * block * height * width * first);
  }

  /** Axes [image, row of tiles, place's row, column of tiles, place's column, channel]. */
  private long[] places() {
    return new long[] {
      grid.images(), grid.tilesDown(), EDGE, grid.tilesAcross(), EDGE, grid.channels()
    };
  }

  private memory.desc tiles() {
    return OneDnn.stridedLayout(
        places(),
        new long[] {
          grid.image(), grid.row(), EDGE * grid.place(), grid.channels(), grid.place(), 1
        });
  }

  /** The channels of a pixel side by side, in images that are made of whole tiles. */
  private memory.desc pixels(long usedRows, long usedColumns) {
    long pixel = grid.channels();
    long row = grid.width() * pixel;
    return OneDnn.stridedLayout(
        new long[] {grid.images(), pixel, usedRows, usedColumns},
        new long[] {grid.height() * row, 1, row, pixel});
  }

  private memory.desc tilesOfPixels() {
    long pixel = grid.channels();
    long row = grid.width() * pixel;
    return OneDnn.stridedLayout(
        places(), new long[] {grid.height() * row, EDGE * row, row, EDGE * pixel, pixel, 1});
  }
}
