package dev.convoy.worker.onednn;

import java.util.Optional;
import org.bytedeco.dnnl.memory;

/**
 * Moves some images of a batch to streams of tiles, and back: one stream for each of 4 × 4 places
 * in a tile, axes [place's row, place's column, image, row of tiles, column of tiles, channel].
 * Places beyond an image are 0.
 */
final class TileStreams {
  private static final long EDGE = TileGrid.EDGE;

  private final Plan plan;
  private final TileGrid grid;
  private final long height;
  private final long width;
  private final long block = OneDnn.preferredBlock();
  private final memory.desc images;
  private final Tensor streams;

  /** The images with rows and columns up to the end of the last tile, where they have them not. */
  private final Optional<Whole> whole;

  /** The same memory, seen as images without what is beyond them, and as tiles. */
  private record Whole(Tensor all, Tensor images, Tensor tiles) {}

  /**
   * For images of one size.
   *
   * @param grid tiles that cover them
   * @param extent their rows and columns
   * @param streams as many values as there are places of all tiles, or more
   */
  TileStreams(Plan plan, TileGrid grid, long[] extent, Tensor streams) {
    this.plan = plan;
    this.grid = grid;
    this.height = extent[0];
    this.width = extent[1];
    boolean isWhole = height == rows() && width == columns() && grid.channels() % block == 0;
    images =
        isWhole
            ? tilesOfBlocks()
            : OneDnn.blockedLayout(block, grid.images(), grid.channels(), height, width);
    whole = isWhole ? Optional.empty() : Optional.of(whole());
    this.streams = plan.seenAs(isWhole ? streamsOfBlocks() : streams(), streams);
  }

  private Whole whole() {
    Tensor all = plan.allocate(pixels(rows(), columns()));
    return new Whole(
        all, plan.seenAs(pixels(height, width), all), plan.seenAs(tilesOfPixels(), all));
  }

  private long rows() {
    return EDGE * grid.tilesDown();
  }

  private long columns() {
    return EDGE * grid.tilesAcross();
  }

  /**
   * Adds the steps that move images to streams.
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
          plan.reorder(place.tiles(), streams);
        },
        () -> plan.reorder(part, streams));
  }

  /** Adds the steps that move streams to images; what is beyond an image is lost. */
  void addWriting(Tensor batch, int first) {
    Tensor part = part(batch, first);
    whole.ifPresentOrElse(
        place -> {
          plan.reorder(streams, place.tiles());
          plan.reorder(place.images(), part);
        },
        () -> plan.reorder(streams, part));
  }

  private long blocks() {
    return (grid.channels() + block - 1) / block;
  }

  private Tensor part(Tensor batch, int first) {
    return plan.partOf(images, batch, blocks() * block * height * width * first);
  }

  private memory.desc tilesOfBlocks() {
    long row = width * block;
    long plane = height * row;
    long image = plane * blocks();
    return OneDnn.stridedLayout(
        placesOfBlocks(),
        new long[] {image, plane, EDGE * row, row, EDGE * block, block, /* channel= */ 1});
  }

  /** Axes [image, block, row of tiles, place's row, column of tiles, place's column, channel]. */
  private long[] placesOfBlocks() {
    return new long[] {
      grid.images(), blocks(), grid.tilesDown(), EDGE, grid.tilesAcross(), EDGE, block
    };
  }

  private memory.desc streamsOfBlocks() {
    long row = grid.row();
    return OneDnn.stridedLayout(
        placesOfBlocks(),
        new long[] {
          grid.tilesDown() * row,
          block,
          row,
          EDGE * grid.stream(),
          grid.channels(),
          grid.stream(),
          1
        });
  }

  /** Axes [image, row of tiles, place's row, column of tiles, place's column, channel]. */
  private long[] places() {
    return new long[] {
      grid.images(), grid.tilesDown(), EDGE, grid.tilesAcross(), EDGE, grid.channels()
    };
  }

  private memory.desc streams() {
    long row = grid.row();
    return OneDnn.stridedLayout(
        places(),
        new long[] {
          grid.tilesDown() * row, row, EDGE * grid.stream(), grid.channels(), grid.stream(), 1
        });
  }

  /** The channels of a pixel side by side, in images that are made of whole tiles. */
  private memory.desc pixels(long usedRows, long usedColumns) {
    long pixel = grid.channels();
    long row = columns() * pixel;
    return OneDnn.stridedLayout(
        new long[] {grid.images(), pixel, usedRows, usedColumns},
        new long[] {rows() * row, 1, row, pixel});
  }

  private memory.desc tilesOfPixels() {
    long pixel = grid.channels();
    long row = columns() * pixel;
    return OneDnn.stridedLayout(
        places(), new long[] {rows() * row, EDGE * row, row, EDGE * pixel, pixel, 1});
  }
}
