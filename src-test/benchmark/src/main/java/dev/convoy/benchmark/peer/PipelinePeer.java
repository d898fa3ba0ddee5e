package dev.convoy.benchmark.peer;

import com.sun.management.OperatingSystemMXBean;
import dev.convoy.benchmark.pipeline.PipelineTask;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.image.PictureSource;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.shard.StoredForm;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/**
 * Convoy's input pipeline on one thread, from a shard as executors have it: TASK WARM-UP-SECONDS
 * DIRECTORY. Seconds are of the process's CPU time, that of collecting garbage included.
 */
public final class PipelinePeer implements Replica {
  private static final int BATCH = 64;

  private final ImageShape input;
  private final Augmentations augmentations;
  private final Normalization normalization =
      Normalization.of(new float[] {0.49f, 0.48f, 0.45f}, new float[] {0.25f, 0.24f, 0.26f});
  private final Shard shard;
  private final byte[] pixels;
  private final float[] values;
  private int images;

  private PipelinePeer(PipelineTask task, Path directory) throws IOException {
    input = task.input();
    augmentations = Augmentations.of(task.augmentations());
    StoredShape store = new StoredShape(input, ImageShape.MAX_SIDE);
    ImageSource source =
        ImageSources.unlabelled(
            new SourceSettings(
                "image-folder",
                directory.toString(),
                Role.TRAIN,
                store,
                new DecodeLimits(1 << 24, 1 << 24),
                TableColumns.USUAL,
                null),
            new Configuration());
    shard =
        ShardPacker.pack(
            source.list().listing(),
            1,
            store,
            task.isPrepared() ? StoredForm.DECODED : StoredForm.ENCODED,
            source,
            new MemoryBudget(Runtime.getRuntime().maxMemory() / 2),
            directory);
    pixels = new byte[BATCH * input.size()];
    values = new float[pixels.length];
  }

  /** Takes the arguments of every peer of a pipeline. */
  public static void main(String[] words) throws Exception {
    PipelineTask task = PipelineTask.named(words[0]);
    Path directory = Path.of(words[2]);
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    PeerLoop.serve(
        1,
        () -> new PipelinePeer(task, directory),
        Double.parseDouble(words[1]),
        system::getProcessCpuTime,
        () -> "Java " + Runtime.version());
    System.exit(0);
  }

  /** How many pictures there are: a pipeline learns nothing. */
  @Override
  public long parameters() {
    return shard.size();
  }

  @Override
  public int step() {
    for (int i = 0; i < BATCH; i++, images++) {
      KeyedRandom random = KeyedRandom.of(1, Purpose.AUGMENTATION, 0, images);
      PictureSource picture = shard.picture(images % shard.size());
      augmentations.apply(picture, input, random, pixels, i * input.size());
    }
    new Images.Pixels(pixels, input, normalization).write(0, BATCH, FloatBuffer.wrap(values));
    return BATCH;
  }
}
