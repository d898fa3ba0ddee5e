package dev.convoy.driver.cluster;

import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.EpochPlan;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.shard.Examples;
import dev.convoy.driver.cluster.ImageView.ExamplesTask;
import dev.convoy.worker.layers.BatchArrays;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.training.WorkerSettings;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The batches of a shard in one epoch as Deeplearning4j takes them: the same that a worker of
 * Convoy's trains. Travels to executors.
 *
 * @param teacher tells what is to be learned; null for the images' labels
 * @param epoch counted from 0
 */
record StockBatches(
    WorkerSettings settings, float[] mean, float[] deviation, SoftTargets.Loader teacher, int epoch)
    implements ExamplesTask<Iterator<MultiDataSet>> {

  @Override
  public Iterator<MultiDataSet> run(int shard, Examples images) throws Exception {
    if (images.size() == 0) {
      return Collections.emptyIterator();
    }
    WorkerSettings.Batches cut = settings.batches();
    EpochPlan plan = new EpochPlan(settings.seed(), cut.repeats(), cut.size(), 1);
    ShardTargets targets =
        teacher == null
            ? ShardTargets.of(images, settings.input().classes())
            : teacher.load(shard, images);
    BatchPipeline pipeline =
        new BatchPipeline(
            images,
            targets,
            plan.permutation(epoch, shard, images.size()),
            0,
            images.size(),
            cut.size(),
            Augmentations.of(settings.augmentations()),
            settings.seed(),
            epoch);
    TaskCompletionListener end = ended -> pipeline.close();
    TaskContext.get().addTaskCompletionListener(end);
    return new Elements(pipeline, settings.input(), Normalization.of(mean, deviation));
  }

  /** Batches as they are assembled. */
  private static final class Elements implements Iterator<MultiDataSet> {
    private final BatchPipeline pipeline;
    private final InputShape input;
    private final Normalization normalization;
    private Batch next;

    Elements(BatchPipeline pipeline, InputShape input, Normalization normalization) {
      this.pipeline = pipeline;
      this.input = input;
      this.normalization = normalization;
      this.next = pipeline.next();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public MultiDataSet next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      MultiDataSet element = element(next);
      next = pipeline.next();
      return element;
    }

    private MultiDataSet element(Batch batch) {
      int size = batch.size();
      INDArray[] images = {BatchArrays.images(batch.images(normalization), 0, size, input)};
      INDArray[] classes = {BatchArrays.distributions(batch.targets(), size, input.classes())};
      // A mask multiplies losses.
      return BatchArrays.weights(batch.targets(), size)
          .map(weights -> new INDArray[] {weights})
          .map(mask -> new org.nd4j.linalg.dataset.MultiDataSet(images, classes, null, mask))
          .orElseGet(() -> new org.nd4j.linalg.dataset.MultiDataSet(images, classes));
    }
  }
}
