package dev.convoy.benchmark;

import java.util.Arrays;
import java.util.List;

/** A network and its images. Every peer builds exactly this one; parameter counts are compared. */
public enum Workload {
  /** 20 and 50 filters, 500 hidden units; the first convolution is padded by 2. */
  LENET_5("lenet-5", 1, 28),
  /** He et al. 2015, section 4.2, with projections (option B). */
  RESNET_20("resnet-20", 3, 32),
  /** Configuration A of Simonyan and Zisserman 2014, half as wide, with batch normalisation. */
  VGG_11("vgg-11", 3, 32),
  /** He et al. 2015, the network of basic blocks for photographs. */
  RESNET_18("resnet-18", 224, 1000, 16),
  /** He et al. 2015, bottlenecks whose 3 × 3 convolution has the stride. */
  RESNET_50("resnet-50", 224, 1000, 16),
  /** Configuration D of Simonyan and Zisserman 2014. */
  VGG_16("vgg-16", 224, 1000, 8),
  /** Huang et al. 2017, four dense blocks. */
  DENSENET_121("densenet-121", 224, 1000, 8),
  /** Krizhevsky 2014, one tower. */
  ALEXNET("alexnet", 224, 1000, 32),
  /**
   * Szegedy et al. 2015 with batch normalisation and 3 × 3 in place of 5 × 5, without its heads.
   */
  GOOGLENET("googlenet", 224, 1000, 16),
  /** He et al. 2015, section 4.2, with projections (option B). */
  RESNET_56("resnet-56", 32, 10, 64),
  /** Zagoruyko and Komodakis 2016, 4 times as wide. */
  WIDE_RESNET_16_4("wide-resnet-16-4", 32, 10, 64),
  /** Huang et al. 2017, bottlenecks and compression, growth 12. */
  DENSENET_BC_100_12("densenet-bc-100-12", 32, 10, 64);

  /** How many classes the small workloads have. */
  public static final int CLASSES = 10;

  private final String label;
  private final int channels;
  private final int side;
  private final int classes;
  private final int usualBatch;

  /** A small one, which is measured with several batch sizes. */
  Workload(String label, int channels, int side) {
    this(label, channels, side, CLASSES, 0);
  }

  /** A network of the field, on colour images. */
  Workload(String label, int side, int classes, int usualBatch) {
    this(label, 3, side, classes, usualBatch);
  }

  Workload(String label, int channels, int side, int classes, int usualBatch) {
    this.label = label;
    this.channels = channels;
    this.side = side;
    this.classes = classes;
    this.usualBatch = usualBatch;
  }

  /** The small ones, which all peers have. */
  public static List<Workload> small() {
    return Arrays.stream(values()).filter(workload -> !workload.isNetworkOfTheField()).toList();
  }

  /** Those that are measured beside PyTorch alone, each with a batch size of its own. */
  public static List<Workload> ofTheField() {
    return Arrays.stream(values()).filter(Workload::isNetworkOfTheField).toList();
  }

  /** Whether it is one of {@link #ofTheField}. */
  public boolean isNetworkOfTheField() {
    return usualBatch > 0;
  }

  /** Images in a batch, of a network of the field. */
  public int usualBatch() {
    return usualBatch;
  }

  /** How many classes it has. */
  public int classes() {
    return classes;
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
