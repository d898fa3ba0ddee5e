package dev.convoy.driver.ensemble.statistics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;
import java.io.IOException;
import java.util.List;

/**
 * All that an ensemble tells of one data set, from one pass over its examples. Memory grows with
 * the squares of members and of classes, with 8 bytes an example, and up to 80 MB for {@link
 * RankingCurves}.
 *
 * @param answers how many there are
 * @param quality how good they are
 * @param diversity how members differ
 * @param memberCount what fewer members would be worth
 * @param decomposition where the members' loss comes from; without noise
 * @param doubt how sure the ensemble is
 */
public record EnsembleStatistics(
    Answers answers,
    Quality quality,
    Diversity diversity,
    MemberCountCurve memberCount,
    Decomposition decomposition,
    Doubt doubt) {
  /** How many of the least sure examples are told. */
  public static final int LEAST_SURE = 36;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .addModule(
              new SimpleModule()
                  .addSerializer(double.class, new NumberOrNull())
                  .addSerializer(Double.class, new NumberOrNull()))
          .build();

  /**
   * How many there are.
   *
   * @param members of the ensemble
   * @param examples that a member takes part in; all statistics are of these
   * @param unanswered examples that no member takes part in
   */
  public record Answers(int members, int examples, int unanswered) {}

  /**
   * How good answers are.
   *
   * @param ensemble the combined answers
   * @param members each over the examples in which it takes part, in their order
   * @param confusion of the combined answers
   * @param ranking of the combined answers
   */
  public record Quality(
      Scores ensemble, List<Scores> members, ConfusionMatrix confusion, RankingCurves ranking) {
    /** Copies. */
    public Quality {
      members = List.copyOf(members);
    }
  }

  /**
   * How sure the ensemble is.
   *
   * @param uncertainty in the mean
   * @param rejection what is gained where it is not asked about what it is not sure of
   * @param leastSure the examples that it is least sure of
   */
  public record Doubt(MeanUncertainty uncertainty, RejectionCurve rejection, LeastSure leastSure) {}

  /**
   * All statistics of one data set. The same arguments give the same answer.
   *
   * @param seed of samples and of orders of members
   * @throws IllegalArgumentException if a label is not a class, or a probability, of a member that
   *     takes part or combined, is negative or not finite
   */
  public static EnsembleStatistics of(
      MemberPredictions predictions, Combination combination, long seed) {
    EnsembleSums sums = new EnsembleSums(predictions, seed);
    EnsembleAnswer.forEach(predictions, combination, sums::add);
    return sums.statistics();
  }

  /**
   * With keys in kebab case, as in summary.json; what is undefined (NaN) is null. The confusion
   * matrix and the curves make up most of it: some megabytes with a thousand classes.
   */
  public ObjectNode toJson() {
    return JSON.valueToTree(this);
  }

  /** JSON knows no NaN. */
  private static final class NumberOrNull extends StdSerializer<Double> {
    private static final long serialVersionUID = 1;

    NumberOrNull() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        generator.writeNumber(value);
      } else {
        generator.writeNull();
      }
    }
  }
}
