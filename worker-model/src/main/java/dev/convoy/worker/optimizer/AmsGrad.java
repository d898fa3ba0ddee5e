package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import java.util.List;

/**
 * Adam whose steps never grow when the second moment shrinks: it divides by the root of the largest
 * second moment so far. As in PyTorch, both moments are corrected for having begun with zeros,
 * after the largest was taken; the paper corrects neither. Workers' largest moments are averaged,
 * and go on as the largest.
 */
final class AmsGrad extends MomentEstimates {
  static final Component<Optimizer> COMPONENT =
      Component.named("amsgrad", "Adam that divides by the largest second moment so far")
          .from("Reddi, Kale and Kumar, On the Convergence of Adam and Beyond, 2018")
          .with(BETA1, BETA2, EPSILON)
          .createdBy(AmsGrad::new);

  private AmsGrad(OptionValues options) {
    super(options);
  }

  @Override
  public List<String> arrays() {
    return List.of("first-moment", "second-moment", "largest-second-moment");
  }

  @Override
  public Change change(SegmentStep step) {
    float rate = (float) (step.rate() / firstCorrection(step));
    float root = (float) Math.sqrt(secondCorrection(step));
    float decay1 = (float) step.momentum();
    float decay2 = (float) beta2;
    return (parameters, gradient, state, count) -> {
      float[] first = state[0];
      float[] second = state[1];
      float[] largest = state[2];
      for (int i = 0; i < count; i++) {
        float slope = gradient[i];
        first[i] = decay1 * first[i] + (1 - decay1) * slope;
        second[i] = decay2 * second[i] + (1 - decay2) * slope * slope;
        largest[i] = Math.max(largest[i], second[i]);
        gradient[i] = rate * first[i] / ((float) Math.sqrt(largest[i]) / root + epsilon);
      }
    };
  }
}
