package dev.convoy.driver.ensemble.statistics;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All statistics of an ensemble on one data set, from one pass over its examples. Memory grows with
 * the squares of members and of classes, with 8 bytes an example, and up to 80 MB for {@link
 * RankingCurves}.
 *
 * @param answers how many there are
 * @param quality how good they are
 * @param diversity how members differ
 * @param memberCount what fewer members would be worth
 * @param decomposition where the members' loss comes from; without noise
 * @param confidence how sure the ensemble is
 */
@JsonPropertyOrder({"answers", "quality", "diversity", "member-count", "decomposition", "doubt"})
public record EnsembleStatistics(
    Answers answers,
    Quality quality,
    Diversity diversity,
    MemberCountCurve memberCount,
    Decomposition decomposition,
    @JsonProperty("doubt") Confidence confidence) {
  /** How many of the most uncertain examples are kept. */
  static final int LEAST_SURE = 36;

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
      Scores ensemble, List<Scores> members, ConfusionMatrix confusion, RankingCurves ranking) {}

  /**
   * How sure the ensemble is.
   *
   * @param uncertainty in the mean
   * @param rejection what is gained by leaving out uncertain examples
   * @param leastSure the most uncertain examples
   */
  public record Confidence(
      Uncertainty.Mean uncertainty, RejectionCurve rejection, LeastSure leastSure) {}

  /**
   * Computes all statistics of one data set. The same arguments give the same result.
   *
   * @param seed of samples and of orders of members
   * @throws IllegalArgumentException if a label is not a class, or a probability, of a member that
   *     takes part or combined, is negative or not finite
   */
  public static EnsembleStatistics of(
      MemberPredictions predictions, Combination combination, long seed) {
    int classes = predictions.classes();
    List<Statistic<?>> all = new ArrayList<>();
    Scores.Sums ensemble = added(all, new Scores.Sums(classes));
    ConfusionMatrix.Counts confusion = added(all, new ConfusionMatrix.Counts(classes));
    RankingCurves.Sample ranking =
        added(all, RankingCurves.Sample.of(predictions, seed, RankingCurves.MAX_VALUES));
    Diversity.Sums diversity = added(all, Diversity.Sums.of(predictions, seed));
    MemberCountCurve.Sums memberCount = added(all, MemberCountCurve.Sums.of(predictions, seed));
    Decomposition.Sums decomposition =
        added(
            all,
            new Decomposition.Sums(classes, Decomposition.LabelDistribution.oneHot(predictions)));
    Uncertainty.Sums uncertainty = added(all, new Uncertainty.Sums());
    RejectionCurve.Sums rejection = added(all, new RejectionCurve.Sums(predictions.examples()));
    LeastSure.Queue leastSure = added(all, new LeastSure.Queue(LEAST_SURE));
    MemberScores members = added(all, new MemberScores(predictions.members(), classes));
    int answered =
        EnsembleAnswer.forEach(
            predictions, combination, answer -> all.forEach(each -> each.add(answer)));
    return new EnsembleStatistics(
        new Answers(predictions.members(), answered, predictions.examples() - answered),
        new Quality(ensemble.result(), members.result(), confusion.result(), ranking.result()),
        diversity.result(),
        memberCount.result(),
        decomposition.result(),
        new Confidence(uncertainty.result(), rejection.result(), leastSure.result()));
  }

  private static <S extends Statistic<?>> S added(List<Statistic<?>> all, S statistic) {
    all.add(statistic);
    return statistic;
  }

  /** The scores of each member, over the examples in which it takes part. */
  private static final class MemberScores implements Statistic<List<Scores>> {
    private final List<Scores.Sums> sums;
    private final double[] probabilities;

    MemberScores(int members, int classes) {
      sums = Stream.generate(() -> new Scores.Sums(classes)).limit(members).toList();
      probabilities = new double[classes];
    }

    @Override
    public void add(EnsembleAnswer answer) {
      for (int member = 0; member < sums.size(); member++) {
        if (answer.takesPart(member)) {
          for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = answer.ofMembers().probability(member, i);
          }
          sums.get(member).add(probabilities, answer.label());
        }
      }
    }

    @Override
    public List<Scores> result() {
      return sums.stream().map(Scores.Sums::result).toList();
    }
  }

  /**
   * The same with the places of the least sure examples.
   *
   * @param paths by the examples' ids
   */
  public EnsembleStatistics located(Map<Integer, String> paths) {
    Confidence located =
        new Confidence(
            confidence.uncertainty(),
            confidence.rejection(),
            confidence.leastSure().located(paths));
    return new EnsembleStatistics(answers, quality, diversity, memberCount, decomposition, located);
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
