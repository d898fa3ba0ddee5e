package dev.convoy.benchmark.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What reports have in common: the machine, measurements and targets. Infinity is null. */
public final class Json {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  /** A report that holds the machine so far. */
  public static ObjectNode report(Machine machine) {
    ObjectNode report = JSON.createObjectNode();
    report
        .putObject("machine")
        .put("processor", machine.processor())
        .put("cores", machine.cores())
        .put("system", machine.system())
        .put("java", machine.java());
    return report;
  }

  /** Adds a measurement with every sample, and its quartiles. */
  public static void putWithQuartiles(ObjectNode node, String name, Measurement measured) {
    put(node, name, measured)
        .put("lower-quartile", finite(measured.lowerQuartile()))
        .put("upper-quartile", finite(measured.upperQuartile()));
  }

  /** Adds a measurement with every sample; returns it. */
  public static ObjectNode put(ObjectNode node, String name, Measurement measured) {
    ObjectNode values =
        node.putObject(name)
            .put("median", finite(measured.median()))
            .put("least", finite(measured.least()))
            .put("most", finite(measured.most()));
    ArrayNode samples = values.putArray("samples");
    measured.samples().forEach(sample -> samples.add(finite(sample)));
    return values;
  }

  /** Adds what was asked and what was found. */
  public static void putTargets(ObjectNode report, List<Target> all) {
    ArrayNode targets = report.putArray("targets");
    for (Target target : all) {
      targets
          .addObject()
          .put("what", target.what())
          .put(target.atLeast() ? "at-least" : "at-most", target.bound())
          .put("found", finite(target.value()))
          .put("met", target.isMet());
    }
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? (Double) value : null;
  }

  /** Writes a report. */
  public static void write(Path file, ObjectNode report) throws IOException {
    JSON.writeValue(file.toFile(), report);
  }
}
