package dev.convoy.benchmark;

/** A network and its images. Every peer builds exactly this one; parameter counts are compared. */
public enum Workload {
  /** 20 and 50 filters, 500 hidden units; the first convolution is padded by 2. */
  LENET_5("lenet-5", 1, 28),
  /** He et al. 2015, section 4.2, with projections (option B). */
  RESNET_20("resnet-20", 3, 32),
  /** Configuration A of Simonyan and Zisserman 2014, half as wide, with batch normalisation. */
  VGG_11("vgg-11", 3, 32);

  /** How many classes every workload has. */
  public static final int CLASSES = 10;

  private final String label;
  private final int channels;
  private final int side;

  Workload(String label, int channels, int side) {
    this.label = label;
    this.channels = channels;
    this.side = side;
  }

  /**
   * The workload of a name.
   *
   * @throws IllegalArgumentException naming the known ones, if there is none
   */
  public static Workload named(String name) {
    return Labels.find(values(), name);
  }

  /** Channels of an image. */
  public int channels() {
    return channels;
  }

  /** Height and width of an image, in pixels. */
  public int side() {
    return side;
  }

  /** Values of an image. */
  public int imageValues() {
    return channels * side * side;
  }

  @Override
  public String toString() {
    return label;
  }
}
