package dev.convoy.driver.search.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tribuo.MutableDataset;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.ensemble.BaggingTrainer;
import org.tribuo.ensemble.EnsembleModel;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.SparseVector;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.IndependentRegressionTreeModel;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;

/**
 * A function learned from examples, cheap to ask: a random forest of regression trees (Breiman,
 * "Random Forests", Machine Learning 45, 2001). The same examples and seed give the same function.
 */
final class Surrogate implements ToDoubleFunction<double[]> {
  private static final int TREES = 64;
  private static final int MIN_EXAMPLES_PER_LEAF = 2;
  // Much more than Breiman's third: searches have few hyperparameters, and fewer that matter.
  private static final float FEATURES_TRIED_IN_A_SPLIT = 0.7f;
  private static final int FOLDS = 5;
  private static final String TARGET = "target";

  // It tells of every tree. Held here, because the JDK holds loggers weakly.
  private static final Logger TREE_BY_TREE = Logger.getLogger(BaggingTrainer.class.getName());

  static {
    TREE_BY_TREE.setLevel(Level.WARNING);
  }

  private final List<Node<Regressor>> trees;

  /** Tribuo's number of each input. */
  private final int[] features;

  private Surrogate(EnsembleModel<Regressor> forest, String[] names) {
    this.trees =
        forest.getModels().stream()
            .map(tree -> ((IndependentRegressionTreeModel) tree).getRoots().get(TARGET))
            .toList();
    this.features =
        Arrays.stream(names).mapToInt(name -> forest.getFeatureIDMap().get(name).getID()).toArray();
  }

  /**
   * Learns.
   *
   * @param inputs one row for every example, all of one length
   * @param targets finite
   */
  static Surrogate fit(double[][] inputs, double[] targets, long seed) {
    return fit(inputs, targets, IntStream.range(0, targets.length).boxed().toList(), seed);
  }

  /**
   * How well such a surrogate foretells what it has not seen: R² of the targets, each foretold by
   * one that learned from the other four fifths. 1 is perfect, 0 no better than their mean, and
   * below that worse.
   *
   * @param targets not all the same
   */
  static double crossValidatedFit(double[][] inputs, double[] targets, long seed) {
    List<Integer> order =
        IntStream.range(0, targets.length).boxed().collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(order, new Random(seed));
    double mean = Arrays.stream(targets).average().orElseThrow();
    double missed = 0;
    double total = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      List<Integer> learned = fold(order, fold, false);
      Surrogate surrogate = fit(inputs, targets, learned, seed);
      for (int held : fold(order, fold, true)) {
        missed += Math.pow(targets[held] - surrogate.applyAsDouble(inputs[held]), 2);
        total += Math.pow(targets[held] - mean, 2);
      }
    }
    return 1 - missed / total;
  }

  @Override
  public double applyAsDouble(double[] input) {
    // The forest's own way looks up the names of an example once for every tree.
    SparseVector example = SparseVector.createSparseVector(features.length, features, input);
    return trees.stream().mapToDouble(tree -> answer(tree, example)).average().orElseThrow();
  }

  private static double answer(Node<Regressor> tree, SparseVector example) {
    Node<Regressor> node = tree;
    while (!node.isLeaf()) {
      node = node.getNextNode(example);
    }
    return ((LeafNode<Regressor>) node).getOutput().getValues()[0];
  }

  private static List<Integer> fold(List<Integer> order, int fold, boolean held) {
    return IntStream.range(0, order.size())
        .filter(position -> (position % FOLDS == fold) == held)
        .mapToObj(order::get)
        .toList();
  }

  private static Surrogate fit(
      double[][] inputs, double[] targets, List<Integer> chosen, long seed) {
    RegressionFactory factory = new RegressionFactory();
    MutableDataset<Regressor> examples =
        new MutableDataset<>(new SimpleDataSourceProvenance("trials", factory), factory);
    String[] names = names(inputs[0].length);
    for (int index : chosen) {
      Regressor target = new Regressor(TARGET, targets[index]);
      examples.add(new ArrayExample<>(target, names, inputs[index]));
    }
    CARTRegressionTrainer trees =
        new CARTRegressionTrainer(
            Integer.MAX_VALUE,
            MIN_EXAMPLES_PER_LEAF,
            0,
            FEATURES_TRIED_IN_A_SPLIT,
            false,
            new MeanSquaredError(),
            seed);
    return new Surrogate(
        new RandomForestTrainer<>(trees, new AveragingCombiner(), TREES, seed).train(examples),
        names);
  }

  /** Of one width, so that Tribuo's order of names is that of the numbers. */
  private static String[] names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Integer.toString(100_000 + i))
        .toArray(String[]::new);
  }
}
