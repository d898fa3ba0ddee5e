package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.List;
import java.util.stream.Stream;

/** Adds up {@link EnsembleStatistics}. */
final class EnsembleSums {
  private final MemberPredictions predictions;
  private final ScoreSums scores;
  private final List<ScoreSums> memberScores;
  private final ConfusionMatrix.Counts confusion;
  private final RankingSample ranking;
  private final DiversitySums diversity;
  private final MemberCountSums memberCount;
  private final DecompositionSums decomposition;
  private final UncertaintySums uncertainty = new UncertaintySums();
  private final RejectionSums rejection;
  private final LeastSureQueue leastSure = new LeastSureQueue(EnsembleStatistics.LEAST_SURE);
  private final double[] ofMember;
  private int examples;

  EnsembleSums(MemberPredictions predictions, long seed) {
    this.predictions = predictions;
    int classes = predictions.classes();
    scores = new ScoreSums(classes);
    memberScores =
        Stream.generate(() -> new ScoreSums(classes)).limit(predictions.members()).toList();
    confusion = new ConfusionMatrix.Counts(classes);
    ranking = RankingSample.of(predictions, seed, RankingCurves.MOST_VALUES);
    diversity = DiversitySums.of(predictions, seed);
    memberCount = MemberCountSums.of(predictions, seed);
    decomposition = new DecompositionSums(classes, LabelDistribution.oneHot(predictions));
    rejection = new RejectionSums(predictions.examples());
    ofMember = new double[classes];
  }

  void add(EnsembleAnswer answer) {
    MemberAnswers members = answer.members();
    examples++;
    scores.add(answer.probabilities(), members.label());
    for (int member = 0; member < members.members(); member++) {
      if (members.takesPart(member)) {
        members.read(member, ofMember);
        memberScores.get(member).add(ofMember, members.label());
      }
    }
    confusion.add(members.label(), answer.predicted());
    ranking.add(answer);
    diversity.add(members);
    memberCount.add(members);
    decomposition.add(members);
    uncertainty.add(answer);
    rejection.add(answer);
    leastSure.add(answer);
  }

  EnsembleStatistics statistics() {
    return new EnsembleStatistics(
        new EnsembleStatistics.Answers(
            predictions.members(), examples, predictions.examples() - examples),
        new EnsembleStatistics.Quality(
            scores.scores(),
            memberScores.stream().map(ScoreSums::scores).toList(),
            confusion.matrix(),
            ranking.curves()),
        diversity.diversity(),
        memberCount.curve(),
        decomposition.decomposition(),
        new EnsembleStatistics.Doubt(uncertainty.mean(), rejection.curve(), leastSure.leastSure()));
  }
}
