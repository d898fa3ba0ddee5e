package dev.convoy.driver.configuration;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the key that an unknown one means, by its spelling and by the names of other tools. */
public final class KeyNames {
  private static final int MAX_TYPING_ERRORS = 6;

  /** Without hyphens and underscores; each line begins with the key. */
  private static final Map<String, String> ALIASES =
      byAlias(
          """
          optimizer.learning-rate lr eta alpha stepsize baselr initiallr maxlr lrate
          optimizer.weight-decay wd decay
          optimizer.l2 reg regularization l2reg
          optimizer.momentum mu mom
          optimizer.beta1 b1
          optimizer.beta2 b2
          optimizer.epsilon eps adamepsilon
          optimizer.clip-norm clip gradclip gradientclipping clipgrad maxgradnorm clipnormvalue gradientclipval
          optimizer.schedule scheduler lrscheduler lrschedule sched
          optimizer.schedule.warm-up warmup warmupepochs
          optimizer.name opt optim
          training.batch-size bs batch batchsize trainbatchsize minibatch minibatchsize
          training.epochs epoch maxepochs nepochs numepochs numtrainepochs e n
          training.workers numworkers nworkers nproc worldsize replicas parallelism
          training.threads-per-worker threads numthreads nthreads ompthreads
          training.max-minutes timeout timelimit maxtime maxminutes
          training.early-stopping earlystop
          training.early-stopping.patience patience
          training.early-stopping.metric monitor
          training.reduce-on-plateau plateau reducelronplateau reduceonplateau
          averaging.moving-average ema emadecay swa modelema
          training.averaging-frequency syncfrequency localsteps averagingperiod
          data.train dataset datadir datapath dataroot traindir trainpath traindata trainset images root path folder dir directory
          data.validation val valid valdir valset valsplit validationsplit valdata validationdata validationpath
          data.test testdir testset testdata testpath
          data.format dataformat
          data.image imagesize imgsize resolution inputsize inputshape size
          data.image.height imageheight
          data.image.width imagewidth
          data.image.channels nchannels inchannels
          data.limit maxsamples subset limittrainbatches
          model.name arch architecture net network backbone
          model.dropout drop dropoutrate
          model.hidden hiddensize hiddenunits hiddenlayers
          seed randomseed randomstate manualseed
          output out o outdir outputdir outputpath savedir logdir workdir resultsdir
          name runname experiment experimentname
          augment augmentation augmentations transform transforms
          checkpoint.every ckpt checkpointing savefreq saveevery checkpointfrequency saveinterval
          checkpoint.keep maxtokeep savetotallimit
          search.trials ntrials numtrials numsamples
          search.early-termination pruner
          search.sampling sampler
          ensemble.members nestimators nmembers
          spark.conf.spark.executor.resource.gpu.amount gpus numgpus devices
          accelerator.gpu gpu cuda device usegpu usecuda
          spark.conf.spark.executor.memory executormemory
          spark.master master
          """);

  /** What blocks are called. */
  private static final Map<String, String> BLOCKS =
      byAlias(
          """
          training train trainer fit
          optimizer opt optim optimiser optimization
          optimizer.schedule scheduler lrscheduler lrschedule
          model net network arch architecture
          data dataset datasets datamodule input
          data.image image
          search hyperparameters sweep tune tuning hpo
          ensemble bagging
          training.early-stopping earlystopping earlystop
          augment augmentation augmentations transform transforms
          """);

  /** The key in a block that a plain value in its place most likely belongs to. */
  private static final Map<String, String> MAIN_KEYS =
      Map.ofEntries(
          Map.entry("model", "name"),
          Map.entry("optimizer", "name"),
          Map.entry("data", "train"),
          Map.entry("checkpoint", "every"),
          Map.entry("averaging", "strategy"),
          Map.entry("spark", "master"));

  private KeyNames() {}

  /** The first word of its line for every other word. */
  static Map<String, String> byAlias(String lines) {
    Map<String, String> keys = new HashMap<>();
    for (String line : lines.lines().toList()) {
      String[] words = line.split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        keys.put(words[i], words[0]);
      }
    }
    return keys;
  }

  /** A word without what different tools write differently. */
  static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("^-+|[-_ ]", "");
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /**
   * The key that is meant by a word: its own, another tool's, or its last part alone.
   *
   * @param word with leading hyphens or without
   */
  public static Optional<String> meant(String word) {
    String name = word.replaceFirst("^-+", "");
    List<String> keys = Defaults.keys();
    return keys.contains(name) || name.startsWith("spark.conf.")
        ? Optional.of(name)
        : otherName(name, keys);
  }

  private static Optional<String> otherName(String key, List<String> keys) {
    String word = plain(last(key));
    String alias = ALIASES.get(word);
    List<String> sameWord =
        keys.stream()
            .filter(known -> plain(last(known)).equals(word))
            .filter(known -> !known.equals("spark.conf"))
            .filter(known -> keys.stream().noneMatch(other -> other.startsWith(known + ".")))
            .toList();
    String block = key.contains(".") ? key.substring(0, key.indexOf('.') + 1) : "";
    if (alias == null && sameWord.contains(last(key))) {
      return Optional.of(last(key));
    }
    Optional<String> inBlock =
        sameWord.stream()
            .filter(known -> !block.isEmpty() && known.startsWith(block))
            .min(Comparator.comparing(known -> !known.equals(alias)));
    if (inBlock.isPresent()) {
      return inBlock;
    }
    // Names that several blocks have are rarely what is meant: the shortest is the plainest.
    Optional<String> shortest = sameWord.stream().min(Comparator.comparingInt(String::length));
    return alias == null || shortest.filter(alias::equals).isPresent()
        ? shortest
        : Optional.of(alias);
  }

  /**
   * What to say of a key that is not known.
   *
   * @param isBlock whether it has keys in it
   * @param more keys that are known besides, options of the model
   */
  static String hint(String key, boolean isBlock, List<String> more) {
    List<String> keys = new ArrayList<>(Defaults.keys());
    keys.addAll(more);
    String block = BLOCKS.get(plain(last(key)));
    Optional<String> meant = isBlock && block != null ? Optional.of(block) : similar(key, keys);
    if (meant.isEmpty() && !isBlock) {
      meant = otherName(key, keys);
    }
    if (!isBlock && ALIASES.containsKey(plain(last(key)))) {
      meant = otherName(key, keys);
    }
    return meant
        .map(known -> "; did you mean " + known + "?")
        .orElse("; every key stands in conf/defaults.conf");
  }

  /** What to say of a value that was given for a block. */
  static String hintOfBlock(String block, ConfigValue given) {
    String member = MAIN_KEYS.get(block);
    return member == null || given.valueType() == ConfigValueType.LIST
        ? ""
        : "; did you mean " + block + "." + member + "=" + Hocon.original(given) + "?";
  }

  /** The key with the fewest typing errors, if these are few. */
  private static Optional<String> similar(String key, List<String> keys) {
    int most = Math.max(1, Math.min(MAX_TYPING_ERRORS, last(key).length() / 2));
    return NearestName.of(key, keys, most);
  }
}
