package dev.convoy.driver.training;

import dev.convoy.data.Text;
import dev.convoy.driver.cluster.ExecutorDevices;
import dev.convoy.driver.cluster.MemoryCheck;
import dev.convoy.driver.cluster.ResultSize;
import dev.convoy.driver.cluster.SoftTargets;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.RunIdentity;
import dev.convoy.driver.directory.RunIdentity.Field;
import dev.convoy.driver.report.Progress;
import dev.convoy.worker.natives.InstructionSet;
import dev.convoy.worker.training.WorkerSettings;
import java.util.Optional;

/**
 * What one run works with, from its beginning to its end. Driver only.
 *
 * @param configuration with the loss that the labels ask for
 * @param data may be shared with other runs
 * @param images of the data, those that this run trains on and is validated on
 * @param targets of all training images, once each, by an ensemble; empty for their labels
 * @param settings of the workers
 * @param identity what the parameters that the run ends with depend on
 */
record RunContext(
    SparkCluster cluster,
    RunConfiguration configuration,
    RunDirectory directory,
    Progress progress,
    TrainingData data,
    RunImages images,
    Optional<SoftTargets> targets,
    Workers workers,
    WorkerSettings settings,
    KnownNetwork network,
    RunIdentity identity)
    implements AutoCloseable {

  /** Looks at the network and at the executors, and says what they are. */
  static RunContext of(
      SparkCluster cluster,
      RunConfiguration written,
      RunDirectory directory,
      Progress progress,
      TrainingData data,
      Optional<SoftTargets> targets) {
    RunConfiguration configuration = data.withKnownLoss(written);
    RunImages images = RunImages.of(data, configuration);
    int classes = data.labels().size();
    ResultSize.require(configuration, classes);
    int threads = cluster.threads(configuration);
    Workers workers = new Workers(cluster, configuration, data.normalization(), classes, threads);
    InstructionSet instructionSet = cluster.instructionSet(configuration);
    ExecutorDevices devices = cluster.devices(configuration);
    WorkerSettings settings = Workers.settings(configuration, classes, threads);
    KnownNetwork network = KnownNetwork.of(settings);
    progress.say(
        Text.of(
            "network: %s, %,d parameters; %s; %s",
            configuration.model().name(),
            network.sizes().parameters(),
            devices.hasGpus() ? workers.description() : network.description(),
            instructionSet));
    MemoryCheck.warning(configuration, classes).ifPresent(progress::say);
    RunIdentity identity =
        RunIdentity.of(configuration.text())
            .with(Field.IMAGES_LISTED, Long.toHexString(images.fingerprint()))
            .with(Field.IMAGES_PACKED, Long.toHexString(data.content(configuration)))
            .with(Field.INSTRUCTION_SET, instructionSet.toString())
            .with(
                Field.ONE_DNN,
                devices.hasGpus() ? Optional.empty() : Optional.of(InstructionSet.oneDnnVersion()))
            .with(Field.DEVICE, devices.kinds())
            .with(Field.THREADS, threads)
            .with(
                Field.TRANSFERRED,
                configuration.transfer().map(SourceNetwork::read).map(SourceNetwork::digest))
            .with(Field.PARAMETERS, network.sizes().parameters())
            .with(Field.TEACHER, targets.map(taught -> Long.toHexString(taught.fingerprint())));
    return new RunContext(
        cluster,
        configuration,
        directory,
        progress,
        data,
        images,
        targets,
        workers,
        settings,
        network,
        identity);
  }

  /** Whether it is a baseline, which cannot go on from a checkpoint and does not count exactly. */
  boolean isStock() {
    return configuration.training().averaging().isStock();
  }

  /** Frees the replicas on the executors; the data stays. */
  @Override
  public void close() {
    workers.close();
    images.close();
  }
}
