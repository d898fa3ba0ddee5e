package dev.convoy.gpu;

import dev.convoy.data.ImageShape;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.schedule.StepRates;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

/** Images of random bytes, with random classes: a few batches that come in turn. */
final class RandomBatches {
  private static final double RATE = 0.01;

  private final int size;
  private final List<Images> images = new ArrayList<>();
  private final List<Targets> targets = new ArrayList<>();

  /**
   * Draws them, from the size.
   *
   * @param input of the network
   * @param count of batches
   * @param size images in each
   */
  RandomBatches(InputShape input, int count, int size) {
    this.size = size;
    Random random = new Random(size);
    ImageShape shape = new ImageShape(input.height(), input.width(), input.channels());
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[Math.multiplyExact(size, input.values())];
      random.nextBytes(pixels);
      images.add(new Images.Pixels(pixels, shape, Normalization.identity(input.channels())));
      targets.add(Targets.ofClasses(random.ints(size, 0, input.classes()).toArray()));
    }
  }

  private int place(int step) {
    return step % images.size();
  }

  private static StepRates rates(int step) {
    return new StepRates(RATE, OptionalDouble.empty(), step);
  }

  /** Queues a step on its batch. */
  void queue(Session session, int step) {
    session.queue(images.get(place(step)), targets.get(place(step)), size, step, rates(step));
  }

  /** Takes a step on its batch; returns its mean loss. */
  double train(Session session, int step) {
    return session.train(
        images.get(place(step)), targets.get(place(step)), size, step, rates(step));
  }

  /** Loss and gradient of the first batch. */
  Session.Gradient gradient(Session session) {
    return session.gradient(images.get(0), targets.get(0), size, 0, rates(0));
  }

  /** Class probabilities of a batch. */
  float[] answer(Session session, int step) {
    return session.probabilities(images.get(place(step)), size);
  }
}
