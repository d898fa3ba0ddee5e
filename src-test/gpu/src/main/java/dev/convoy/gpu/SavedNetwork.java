package dev.convoy.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network in a folder, to be opened where ND4J has no natives.
 *
 * @param name of the folder
 * @param configuration of its layers
 * @param input of the network
 * @param segments of its flat vector
 * @param parameters flat; as they were saved, or drawn where they were not
 */
record SavedNetwork(
    String name,
    ComputationGraphConfiguration configuration,
    InputShape input,
    List<Segment> segments,
    float[] parameters) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIGURATION = "network.json";
  private static final String LAYOUT = "layout.json";
  private static final String PARAMETERS = "parameters.f32";
  private static final long SEED = 1;

  /**
   * What Deeplearning4j's configuration does not say.
   *
   * @param input of the network
   * @param segments of its flat vector
   */
  record Layout(InputShape input, List<Segment> segments) {}

  /** Writes a network without its parameters, which are drawn by whoever reads it. */
  static void writeUndrawn(Path folder, ComputationGraph network, InputShape input)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(CONFIGURATION), network.getConfiguration().toJson());
    JSON.writeValue(folder.resolve(LAYOUT).toFile(), new Layout(input, Segment.of(network)));
  }

  /** Writes a network with its parameters. */
  static void write(Path folder, ComputationGraph network, InputShape input) throws IOException {
    writeUndrawn(folder, network, input);
    Vectors.write(folder.resolve(PARAMETERS), HostVector.copy(network.params()));
  }

  static SavedNetwork read(Path folder) throws IOException {
    Layout layout = JSON.readValue(folder.resolve(LAYOUT).toFile(), Layout.class);
    Path parameters = folder.resolve(PARAMETERS);
    return new SavedNetwork(
        folder.getFileName().toString(),
        ComputationGraphConfiguration.fromJson(Files.readString(folder.resolve(CONFIGURATION))),
        layout.input(),
        layout.segments(),
        Files.exists(parameters)
            ? Vectors.floats(parameters)
            : InitialParameters.drawn(layout.segments(), SEED));
  }
}
