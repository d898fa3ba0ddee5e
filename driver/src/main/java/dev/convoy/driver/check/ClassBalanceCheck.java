package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.driver.report.Plot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Whether every class has images to train on and to validate with, and not too few of them. */
final class ClassBalanceCheck extends Check {
  /** Largest class over smallest from which weights, or drawing by them, pay. */
  private static final double MOST = 10;

  ClassBalanceCheck() {
    super(
        "class-balance",
        "How many images each class has. A class without images is never learned, or never"
            + " measured; a rare one counts for little.",
        "Buda, Maki and Mazurowski, \"A systematic study of the class imbalance problem in"
            + " convolutional neural networks\", 2018");
  }

  @Override
  Verdict look(CheckedRun run) {
    List<String> labels = run.labels();
    long[] train = run.split().train().classCounts(labels.size());
    long[] validation =
        run.split()
            .validation()
            .map(listing -> listing.classCounts(labels.size()))
            .orElseGet(train::clone);
    List<String> problems = new ArrayList<>();
    missing(train, labels, "training").ifPresent(problems::add);
    missing(validation, labels, "validation").ifPresent(problems::add);
    String advice = "add images of these classes, or remove the classes";
    int rarest =
        IntStream.range(0, train.length)
            .reduce((a, b) -> train[b] < train[a] ? b : a)
            .orElseThrow();
    int commonest =
        IntStream.range(0, train.length)
            .reduce((a, b) -> train[b] > train[a] ? b : a)
            .orElseThrow();
    double ratio = (double) train[commonest] / Math.max(1, train[rarest]);
    boolean weighted =
        run.configuration().data().weights().isPresent()
            || run.configuration().training().resample().isPresent();
    if (problems.isEmpty() && ratio > MOST && !weighted) {
      problems.add(
          Text.of(
              "%s has %,d training images and %s %,d",
              labels.get(rarest), train[rarest], labels.get(commonest), train[commonest]));
      advice = "set data.weights=balanced, or gather more images of the rare classes";
    }
    return Verdict.of(
            problems.isEmpty(),
            problems.isEmpty()
                ? Text.of(
                    "%d classes of %,d to %,d training images",
                    labels.size(), train[rarest], train[commonest])
                : String.join("; ", problems),
            Text.of("images of every class, the largest at most %.0f times the smallest", MOST),
            advice)
        .with(plot(labels, train, validation));
  }

  private static Optional<String> missing(long[] counts, List<String> labels, String role) {
    List<String> without =
        IntStream.range(0, counts.length)
            .filter(label -> counts[label] == 0)
            .mapToObj(labels::get)
            .toList();
    return without.isEmpty()
        ? Optional.empty()
        : Optional.of(Text.of("no %s image of %s", role, Text.firstFew(without)));
  }

  private static Plot plot(List<String> labels, long[] train, long[] validation) {
    return new Plot(
        "Images of each class",
        Plot.Axis.of(labels),
        Plot.Axis.linear("images"),
        List.of(
            Plot.Series.bars("training", doubles(train)),
            Plot.Series.bars("validation", doubles(validation))),
        List.of());
  }

  private static List<Double> doubles(long[] counts) {
    return Arrays.stream(counts).asDoubleStream().boxed().toList();
  }
}
