package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;

/**
 * A classifier beside the network that takes part in training only; what follows reads the value in
 * front of it.
 *
 * @param branches one: the layers in front of the classifier
 * @param dropout the probability of dropping one of its inputs in training
 * @param weight of its loss
 */
record AuxiliaryClassifierKind(List<Branch> branches, double dropout, double weight)
    implements LayerKind {
  private static final Option<List<Branch>> OF =
      Option.of(
          JoiningKind.BRANCHES,
          Branch.TYPE,
          List.of(List.of()),
          "one branch: the layers in front of the classifier in a list of their own, [[…]], or the"
              + " name of another value");

  private static final Option<Double> DROPOUT =
      Option.number(
          "dropout",
          0,
          Range.closedOpen(0, 1),
          "probability of dropping one of the classifier's inputs in training");

  private static final Option<Double> WEIGHT =
      Option.number("weight", 0.3, Range.openClosed(0, 1000), "what its loss is multiplied by");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named(
                  "auxiliary-classifier",
                  "a second softmax layer that is trained as well, and left out of answers")
              .from(
                  "Szegedy et al., \"Going deeper with convolutions\", 2015; Lee et al.,"
                      + " \"Deeply-supervised nets\", 2015")
              .with(OF, DROPOUT, WEIGHT)
              .createdBy(AuxiliaryClassifierKind::of));

  private static AuxiliaryClassifierKind of(OptionValues options) {
    return new AuxiliaryClassifierKind(
        options.value(OF), options.value(DROPOUT), options.value(WEIGHT));
  }

  @Override
  public void addTo(LayerPlace place) {
    if (branches.size() != 1) {
      throw place.unfit(
          "expected one branch in %s, [[…]], found %d", JoiningKind.BRANCHES, branches.size());
    }
    place.classifyBeside(branches, dropout, weight);
  }
}
