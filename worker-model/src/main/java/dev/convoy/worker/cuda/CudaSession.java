package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.backend.StatisticsMeasurement;
import dev.convoy.worker.optimizer.DeviceSteps.Role;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.StepNorms;
import dev.convoy.worker.schedule.StepRates;
import java.util.List;
import java.util.Optional;

/**
 * A network that learns on a device: parameters, gradients and the optimizer's state stay there
 * between steps, and steps are queued without waiting where nobody asks for their loss.
 */
final class CudaSession extends CudaInference implements Session {
  private final DeviceUpdate update;
  private final int parameters;

  /** Losses of queued steps that the host knows already. */
  private double waiting;

  /** Closes the network and the update when it is closed. */
  CudaSession(CudaNetwork network, DeviceUpdate update) {
    super(network);
    this.update = update;
    parameters = network.parameters();
  }

  @Override
  public void load(float[] values, float[] optimizerState) {
    enter();
    network.vectors().upload(values, network.vectors().values());
    update.setState(optimizerState, parameters);
  }

  @Override
  public double train(Images images, Targets targets, int size, long key, StepRates rates) {
    double loss = propagated(images, targets, size, key);
    update.queue(size, rates);
    return loss;
  }

  @Override
  public void queue(Images images, Targets targets, int size, long key, StepRates rates) {
    enter();
    CudaPlanShape shape = network.shape(images, size);
    if (shape.lossOnHost()) {
      waiting += network.propagate(images, targets, size, key) * size;
    } else {
      network.trainingPlan(shape).queue(images, targets, size, new long[] {key});
    }
    update.queue(size, rates);
  }

  @Override
  public double takeLossSum() {
    collectLosses();
    double sum = waiting;
    waiting = 0;
    return sum;
  }

  private void collectLosses() {
    enter();
    waiting += network.takeLossSum();
  }

  /** Leaves a batch's gradients on the device; returns its mean loss. */
  private double propagated(Images images, Targets targets, int size, long key) {
    collectLosses();
    return network.propagate(images, targets, size, key);
  }

  @Override
  public Measured trainMeasured(
      Images images, Targets targets, int size, long key, StepRates rates) {
    double loss = propagated(images, targets, size, key);
    return new Measured(loss, measuredStep(size, rates));
  }

  private StepNorms measuredStep(int size, StepRates rates) {
    float[] before = parameters();
    float[] gradient = gradients();
    update.queue(size, rates);
    float[] after = parameters();
    List<Segment> segments = update.steps().segments();
    StepNorms norms =
        new StepNorms(
            new double[segments.size()], new double[segments.size()], new double[segments.size()]);
    for (int i = 0; i < segments.size(); i++) {
      if (update.steps().role(segments.get(i)) == Role.LEARNED) {
        measure(segments.get(i), before, after, gradient, size, norms, i);
      }
    }
    return norms;
  }

  private static void measure(
      Segment segment,
      float[] before,
      float[] after,
      float[] gradient,
      int size,
      StepNorms norms,
      int place) {
    int from = Math.toIntExact(segment.offset());
    int to = Math.toIntExact(from + segment.length());
    double ofParameters = 0;
    double ofGradient = 0;
    double ofUpdate = 0;
    for (int i = from; i < to; i++) {
      ofParameters += (double) before[i] * before[i];
      double mean = gradient[i] / size;
      ofGradient += mean * mean;
      double change = (double) before[i] - after[i];
      ofUpdate += change * change;
    }
    norms.parameters()[place] = Math.sqrt(ofParameters);
    norms.gradients()[place] = Math.sqrt(ofGradient);
    norms.updates()[place] = Math.sqrt(ofUpdate);
  }

  private float[] gradients() {
    float[] gradient = new float[parameters];
    network.vectors().download(network.vectors().gradients(), gradient);
    return gradient;
  }

  @Override
  public Gradient gradient(Images images, Targets targets, int size, long key, StepRates rates) {
    double loss = propagated(images, targets, size, key);
    float[] values = gradients();
    for (Segment segment : update.steps().segments()) {
      if (update.steps().role(segment) == Role.LEARNED) {
        int from = Math.toIntExact(segment.offset());
        for (int i = from; i < from + segment.length(); i++) {
          values[i] /= size;
        }
      }
    }
    return new Gradient(loss, values);
  }

  @Override
  public StepNorms step(float[] gradient, StepRates rates, long key) {
    enter();
    network.vectors().upload(gradient, network.vectors().gradients());
    return measuredStep(1, rates);
  }

  @Override
  public float[] parameters() {
    enter();
    float[] values = new float[parameters];
    network.vectors().download(network.vectors().values(), values);
    return values;
  }

  @Override
  public int optimizerStateLength() {
    return update.stateLength(parameters);
  }

  @Override
  public float[] optimizerState() {
    enter();
    return update.state(parameters);
  }

  @Override
  public Optional<StatisticsMeasurement> measureStatistics() {
    StatisticsOnDevice statistics = new StatisticsOnDevice(network, update.steps().segments());
    return statistics.isEmpty() ? Optional.empty() : Optional.of(statistics);
  }

  @Override
  public void close() {
    enter();
    update.close();
    super.close();
  }
}
