package dev.convoy.benchmark.peer;

import com.sun.management.OperatingSystemMXBean;
import dev.convoy.benchmark.pipeline.PipelineTask;
import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.UnreadableImageException;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.source.DecodeLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Convoy's input pipeline on one thread: TASK WARM-UP-SECONDS DIRECTORY. Seconds are of the
 * process's CPU time, that of collecting garbage included.
 */
public final class PipelinePeer implements Replica {
  private static final int BATCH = 64;

  private final ImageShape input;
  private final ImageDecoder decoder;
  private final Augmentations augmentations;
  private final Normalization normalization =
      Normalization.of(new float[] {0.49f, 0.48f, 0.45f}, new float[] {0.25f, 0.24f, 0.26f});
  private final List<byte[]> files;
  private final List<Picture> decoded = new ArrayList<>();
  private final byte[] pixels;
  private final float[] values;
  private int images;

  private PipelinePeer(PipelineTask task, Path directory)
      throws IOException, UnreadableImageException {
    input = task.input();
    decoder =
        new ImageDecoder(
            new StoredShape(input, ImageShape.MAX_SIDE), new DecodeLimits(1 << 24, 1 << 24));
    augmentations = Augmentations.of(task.augmentations());
    files = new ArrayList<>();
    try (Stream<Path> names = Files.list(directory)) {
      for (Path name : names.sorted().toList()) {
        files.add(Files.readAllBytes(name));
      }
    }
    if (task.isPrepared()) {
      for (byte[] file : files) {
        decoded.add(decoder.decode(file));
      }
    }
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
    return files.size();
  }

  /** A picture that belongs to the caller. */
  private Picture picture(int index) throws UnreadableImageException {
    if (decoded.isEmpty()) {
      return decoder.decode(files.get(index));
    }
    Picture prepared = decoded.get(index);
    return new Picture(prepared.shape(), prepared.pixels().clone());
  }

  @Override
  public int step() {
    try {
      for (int i = 0; i < BATCH; i++, images++) {
        Picture picture = picture(images % files.size());
        KeyedRandom random = KeyedRandom.of(1, Purpose.AUGMENTATION, 0, images);
        Picture changed = augmentations.apply(picture, input, random);
        System.arraycopy(changed.pixels(), 0, pixels, i * input.size(), input.size());
      }
    } catch (UnreadableImageException e) {
      throw new IllegalStateException("Cannot decode a picture of the benchmark.", e);
    }
    new Images.Pixels(pixels, input, normalization).write(0, BATCH, FloatBuffer.wrap(values));
    return BATCH;
  }
}
