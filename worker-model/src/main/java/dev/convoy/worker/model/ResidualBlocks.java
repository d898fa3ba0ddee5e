package dev.convoy.worker.model;

import dev.convoy.data.Text;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The blocks of residual networks: convolutions in a row, and a shortcut around them that is added
 * to their result.
 *
 * <p>A shortcut is the block's input where that has the extent of the result, else a convolution of
 * 1 × 1 (option B of the paper). Blocks are named by whoever adds them; their convolutions are the
 * first, second and third.
 */
final class ResidualBlocks {
  static final Option<Version> VERSION =
      Option.choice(
          "version",
          Version.POST_ACTIVATION,
          Version::number,
          "1: functions behind sums (He et al. 2015); 2: normalisation and function in front of"
              + " every convolution (He et al., \"Identity mappings\", 2016)");

  /** The normalisations with a scale, by name. */
  private static final String WITH_SCALE =
      ChannelNormalization.FAMILY.names().stream()
          .filter(ResidualBlocks::hasScale)
          .collect(Collectors.joining(", "));

  static final Option<Boolean> ZERO_SCALE =
      Option.flag(
          "zero-last-scale",
          false,
          "whether every block of version 1 begins as its shortcut: its last normalisation scales"
              + " by 0 before it learns (Goyal et al. 2017); on only with a normalization that has a scale"
              + " ("
              + WITH_SCALE
              + ")");

  /** What {@link #ZERO_SCALE} can be. */
  static final String EXPECTED_SCALE = "off, or a normalization with a scale (" + WITH_SCALE + ")";

  static final Option<Double> STOCHASTIC_DEPTH =
      Option.number(
          "stochastic-depth",
          0,
          Range.closedOpen(0, 1),
          "probability of leaving out the last block in training; those before it in proportion to"
              + " their number (Huang et al. 2016)");

  private static final List<String> ORDINALS = List.of("first", "second", "third");

  /** Where a block's normalisations and functions stand. */
  enum Version {
    /** Behind the convolutions and the sum. */
    POST_ACTIVATION("1"),
    /** In front of the convolutions. */
    PRE_ACTIVATION("2");

    private final String number;

    Version(String number) {
      this.number = number;
    }

    String number() {
      return number;
    }
  }

  /** What is added to a block's result whose extent is another than that of the block's input. */
  enum Shortcuts {
    /** The input through a convolution of 1 × 1; option B of the paper. */
    PROJECTION,
    /** The input's first pixel of each stride, and zeros for the channels it lacks; option A. */
    PADDING,
    /** Nothing, and nothing to others either: the network is plain. */
    NONE
  }

  /** Gives a block's convolutions, up to three. */
  interface Form {
    /** Of a stage's width; the block's stride is the product of theirs. */
    List<Convolution> convolutions(int width, int stride);
  }

  /**
   * What all blocks of a network have in common.
   *
   * @param version of the order of normalisation, function and sum
   * @param lastScale of a block's last normalisation before it learns, in version 1
   * @param shortcuts around them
   * @param dropout the probability of dropping a value in front of a block's last convolution
   * @param stochasticDepth the probability of leaving out the last block in training
   */
  record Style(
      Version version,
      double lastScale,
      Shortcuts shortcuts,
      double dropout,
      double stochasticDepth) {
    /** Of options with {@link #VERSION}, {@link #ZERO_SCALE} and {@link #STOCHASTIC_DEPTH}. */
    static Style of(OptionValues options, Shortcuts shortcuts) {
      return new Style(
          options.value(VERSION),
          options.value(ZERO_SCALE) ? 0 : 1,
          shortcuts,
          0,
          options.value(STOCHASTIC_DEPTH));
    }
  }

  private final NetworkSketch sketch;
  private final Style style;

  private static boolean hasScale(String normalization) {
    return ChannelNormalization.FAMILY.create(ComponentSettings.defaults(normalization)).hasScale();
  }

  /** Whether there is a scale that can begin as 0, if one is to. */
  static boolean hasScaleToBegin(OptionValues options) {
    return !options.value(ZERO_SCALE) || options.value(NetworkSketch.NORMALIZATION).hasScale();
  }

  /** Blocks behind a sketch's last vertex. */
  ResidualBlocks(NetworkSketch sketch, Style style) {
    this.sketch = sketch;
    this.style = style;
  }

  /** Two 3 × 3 convolutions of the stage's width. */
  static List<Convolution> basic(int width, int stride) {
    return List.of(Convolution.of(width, 3).stride(stride), Convolution.of(width, 3));
  }

  /** Adds the network's first convolution. In version 2 the first block normalises its result. */
  void begin(Convolution first) {
    if (style.version() == Version.POST_ACTIVATION) {
      sketch.unit("stem", first);
    } else {
      sketch.convolution("stem-conv", first);
    }
  }

  /**
   * Adds all stages, and what is to stand behind the last one before its channels are averaged.
   *
   * @param width of the first stage; each has twice that of the one before, and all but the first
   *     halve the image
   */
  void addStages(int width, Form form, int... blocksPerStage) {
    int all = Arrays.stream(blocksPerStage).sum();
    int number = 0;
    for (int stage = 1; stage <= blocksPerStage.length; stage++) {
      for (int block = 1; block <= blocksPerStage[stage - 1]; block++) {
        int stride = stage > 1 && block == 1 ? 2 : 1;
        String name = Text.of("stage%d-block%d", stage, block);
        number++;
        double depth = style.stochasticDepth() * number / all;
        add(name, form.convolutions(width << (stage - 1), stride), depth);
      }
    }
    if (style.version() == Version.PRE_ACTIVATION) {
      sketch.normalise("last-norm").activate("last-relu");
    }
  }

  /** Adds a block that is left out in training with a probability. */
  private void add(String name, List<Convolution> convolutions, double depth) {
    if (style.version() == Version.PRE_ACTIVATION) {
      addPreActivation(name, convolutions, depth);
    } else {
      addPostActivation(name, convolutions, depth);
    }
  }

  private void addPostActivation(String name, List<Convolution> convolutions, double depth) {
    String source = sketch.last();
    String shortcut = source;
    if (changesExtent(convolutions)) {
      switch (style.shortcuts()) {
        case PROJECTION ->
            sketch.normalisedConvolution(name + "-shortcut", projection(convolutions));
        case PADDING -> pad(name + "-shortcut", convolutions);
        case NONE -> {}
      }
      shortcut = sketch.last();
    }
    sketch.at(source);
    int last = convolutions.size() - 1;
    for (int i = 0; i < last; i++) {
      sketch.unit(name + '-' + ORDINALS.get(i), convolutions.get(i));
    }
    String end = name + '-' + ORDINALS.get(last);
    sketch
        .drop(end + "-dropout", style.dropout())
        .convolution(end + "-conv", convolutions.get(last))
        .normalise(end + "-norm", style.lastScale());
    join(name + "-sum", shortcut, depth);
    sketch.activate(name + "-relu");
  }

  private void addPreActivation(String name, List<Convolution> convolutions, double depth) {
    String shortcut = sketch.last();
    boolean projects = style.shortcuts() == Shortcuts.PROJECTION && changesExtent(convolutions);
    if (style.shortcuts() == Shortcuts.PADDING && changesExtent(convolutions)) {
      pad(name + "-shortcut", convolutions);
      String padded = sketch.last();
      sketch.at(shortcut);
      shortcut = padded;
    }
    int last = convolutions.size() - 1;
    for (int i = 0; i <= last; i++) {
      String part = name + '-' + ORDINALS.get(i);
      sketch.normalise(part + "-norm").activate(part + "-relu");
      if (i == 0 && projects) {
        String activated = sketch.last();
        shortcut = name + "-shortcut-conv";
        sketch.convolution(shortcut, projection(convolutions)).at(activated);
      }
      sketch
          .drop(part + "-dropout", i == last ? style.dropout() : 0)
          .convolution(part + "-conv", convolutions.get(i));
    }
    join(name, shortcut, depth);
  }

  /** The extent of the convolutions' result, of a multiple of the channels. */
  private void pad(String name, List<Convolution> convolutions) {
    int copies = channels(convolutions) / sketch.channels();
    sketch.maximum(name + "-pixels", 1, stride(convolutions), 0);
    String[] parts = new String[copies];
    Arrays.fill(parts, name + "-zeros");
    parts[0] = sketch.last();
    sketch.scale(name + "-zeros", 0).concatenate(name, parts);
  }

  private void join(String name, String shortcut, double depth) {
    if (style.shortcuts() != Shortcuts.NONE) {
      sketch.dropImages(name + "-depth", depth);
      sketch.sum(name, sketch.last(), shortcut);
    }
  }

  private boolean changesExtent(List<Convolution> convolutions) {
    return stride(convolutions) > 1 || channels(convolutions) != sketch.channels();
  }

  private static Convolution projection(List<Convolution> convolutions) {
    return Convolution.of(channels(convolutions), 1).stride(stride(convolutions));
  }

  private static int channels(List<Convolution> convolutions) {
    return convolutions.get(convolutions.size() - 1).channels();
  }

  private static int stride(List<Convolution> convolutions) {
    return convolutions.stream().mapToInt(Convolution::stride).reduce(1, (a, b) -> a * b);
  }
}
