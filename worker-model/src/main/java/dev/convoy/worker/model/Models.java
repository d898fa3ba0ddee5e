package dev.convoy.worker.model;

import dev.convoy.data.Text;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Family;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.model.written.WrittenNetwork;
import dev.convoy.worker.natives.NativeLibraries;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The models that can be trained by name.
 *
 * <p>Every network reads float images of axes [batch, channels, height, width] at {@code input} and
 * gives class probabilities of axes [batch, classes] at {@code output}. Safe to use from any
 * thread, on the driver as well as on executors.
 */
public final class Models {
  /** Every model. A new architecture is its own file and one more line here. */
  public static final Family<Architecture> FAMILY =
      Family.of(
          "model",
          Stream.concat(
                  Stream.of(
                          LinearModel.VARIANTS,
                          MultilayerPerceptron.VARIANTS,
                          WrittenNetwork.VARIANTS)
                      .flatMap(List::stream),
                  Stream.of(
                          LeNet.VARIANTS,
                          AlexNet.VARIANTS,
                          Vgg.VARIANTS,
                          GoogLeNet.VARIANTS,
                          InceptionV4.VARIANTS,
                          InceptionResNet.VARIANTS,
                          ResidualNetwork.VARIANTS,
                          SmallResidualNetwork.VARIANTS,
                          SmallFastNetwork.VARIANTS,
                          DenseNet.VARIANTS)
                      .flatMap(List::stream)
                      .map(InitializedArchitecture::option))
              .toList());

  private Models() {}

  /**
   * Builds a network and draws its parameters. The same arguments give the same bits, on any thread
   * and in any order of calls. {@link dev.convoy.worker.accelerator.Accelerator} is not installed.
   *
   * <p>The configuration's updater is plain SGD with rate 1, a placeholder for the trainer's own
   * rule. As a side effect Deeplearning4j reseeds the calling thread's ND4J generator.
   *
   * @param seed of the parameters
   * @throws IllegalArgumentException if the settings have {@link Family#problems}, or the images
   *     are smaller than {@link Architecture#smallestImage}
   */
  public static ComputationGraph create(ComponentSettings settings, InputShape input, long seed) {
    return create(settings, Losses.DEFAULT, input, seed);
  }

  /**
   * The same with a loss.
   *
   * @param loss a member of {@link Losses#FAMILY}; of a model with a rule of its own it is not used
   */
  public static ComputationGraph create(
      ComponentSettings settings, ComponentSettings loss, InputShape input, long seed) {
    var configuration = configuration(settings, loss, input);
    NativeLibraries.load();
    return ParameterInitialization.drawn(configuration, seed);
  }

  /**
   * The same network, whose every weight is drawn in one way; its configuration says so, too.
   *
   * @param loss a member of {@link Losses#FAMILY}
   * @param initialization of all layers
   */
  public static ComputationGraph create(
      ComponentSettings settings,
      ComponentSettings loss,
      InputShape input,
      long seed,
      Initialization initialization) {
    var configuration = configuration(settings, loss, input);
    LayerInitialization.assign(configuration, initialization, layer -> true);
    NativeLibraries.load();
    return ParameterInitialization.drawn(configuration, seed);
  }

  /**
   * The same network with weights of 0, for one that will be given its parameters.
   *
   * @param loss a member of {@link Losses#FAMILY}
   * @throws IllegalArgumentException as {@link #create} does
   */
  public static ComputationGraph undrawn(
      ComponentSettings settings, ComponentSettings loss, InputShape input) {
    var configuration = configuration(settings, loss, input);
    NativeLibraries.load();
    return ParameterInitialization.constant(configuration);
  }

  /**
   * The same for one in which layers are frozen: their batch normalisation uses its running
   * statistics in training, too. What is saved is the network without that.
   *
   * @param frozen names its layers that do not learn
   */
  public static ComputationGraph undrawn(
      ComponentSettings settings,
      ComponentSettings loss,
      InputShape input,
      Function<ComputationGraphConfiguration, Set<String>> frozen) {
    var configuration = configuration(settings, loss, input);
    FrozenLayers.assign(configuration, frozen.apply(configuration));
    NativeLibraries.load();
    return ParameterInitialization.constant(configuration);
  }

  /**
   * How many parameters the network has; nothing is made.
   *
   * @throws IllegalArgumentException as {@link #create} does, or for more than a Java array holds
   */
  public static int parameterCount(ComponentSettings settings, InputShape input) {
    return ParameterCount.of(configuration(settings, input));
  }

  /**
   * The network without parameters, which learns with a loss.
   *
   * @param loss a member of {@link Losses#FAMILY}
   * @throws IllegalArgumentException as {@link #create} does
   */
  public static ComputationGraphConfiguration configuration(
      ComponentSettings settings, ComponentSettings loss, InputShape input) {
    var configuration = configuration(settings, input);
    OutputLoss.assign(configuration, loss);
    return configuration;
  }

  /**
   * The network without parameters.
   *
   * @throws IllegalArgumentException as {@link #create} does
   */
  public static ComputationGraphConfiguration configuration(
      ComponentSettings settings, InputShape input) {
    Architecture architecture = FAMILY.create(settings);
    int smallest = architecture.smallestImage();
    if (input.height() < smallest || input.width() < smallest) {
      throw new IllegalArgumentException(
          Text.of(
              "Cannot make model %s: expected images of at least %d × %d pixels, found %d × %d.",
              settings.name(), smallest, smallest, input.height(), input.width()));
    }
    return architecture.configuration(input);
  }
}
