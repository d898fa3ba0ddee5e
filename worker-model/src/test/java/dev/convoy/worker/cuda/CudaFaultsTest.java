package dev.convoy.worker.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.simulation.DeviceModel;
import dev.convoy.worker.cuda.simulation.SimulatedMachine;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.schedule.StepRates;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that are full, and calls that fail. */
class CudaFaultsTest {
  private static final InputShape INPUT = new InputShape(8, 8, 3, 3);

  /** What plans leave free. */
  private static final long FOR_LIBRARIES = 512L << 20;

  private static Session open(SimulatedGpu gpu) throws Exception {
    return open(gpu, "nesterov");
  }

  private static Session open(SimulatedGpu gpu, String rule) throws Exception {
    return open(gpu, network(), optimizer(rule));
  }

  private static ComputationGraph network() {
    return Models.create(SmallModels.narrow("resnet-9"), INPUT, 1);
  }

  private static OptimizerSettings optimizer(String rule) {
    return PlainOptimizer.settings(
        ComponentSettings.defaults(rule),
        0.1,
        Regularization.none(),
        ComponentSettings.defaults("constant"));
  }

  private static Session open(
      SimulatedGpu gpu, ComputationGraph network, OptimizerSettings optimizer) throws Exception {
    return gpu.backend(Precision.FLOAT32, false).open(Job.training(network, INPUT, optimizer, 1));
  }

  private static void step(Session session, int size) {
    session.train(
        Images.of(new float[size * INPUT.values()]),
        Targets.ofClasses(new int[size]),
        size,
        1,
        StepRates.of(0.1));
  }

  private static SimulatedGpu withMemory(long bytes) {
    return new SimulatedGpu(
        new SimulatedMachine(new DeviceModel("a small GPU", "0000:01:00.0", 8, 0, 8, bytes)));
  }

  @Test
  void aBatchThatDoesNotFitIsToldWithOneThatDoes() throws Exception {
    SimulatedGpu gpu = withMemory(FOR_LIBRARIES + (40 << 20));
    try (Session session = open(gpu)) {
      step(session, 4);
      assertThatThrownBy(() -> step(session, 2048))
          .isInstanceOf(DeviceMemoryException.class)
          .hasMessageMatching(
              "Cannot train on a simulated GPU: a batch of 2048 images needs \\d+ MB of its"
                  + " memory, \\d+ MB are free beside what its libraries may take\\."
                  + " training\\.batch-size = \\d+ fits\\.");
      step(session, 4);
    }
    assertThat(gpu.leaks()).isEmpty();
  }

  @Test
  void whatLibrariesMayTakeIsLeftFree() throws Exception {
    try (Session session = open(withMemory(FOR_LIBRARIES))) {
      assertThatThrownBy(() -> step(session, 1))
          .isInstanceOf(DeviceMemoryException.class)
          .hasMessageContaining(" 0 MB are free beside what its libraries may take.")
          .hasMessageContaining("Not even a single image fits");
    }
  }

  /** The largest batch that fits takes more than half of what is free. */
  @Test
  void batchesOfAllSizesAreComputedInOneMemory() throws Exception {
    SimulatedGpu gpu = withMemory(FOR_LIBRARIES + (33 << 20) + (1 << 19));
    try (Session session = open(gpu);
        Session roomy = open(new SimulatedGpu())) {
      int fits = largest(session);
      for (int size : new int[] {fits - 1, fits - 1, fits, fits - 1}) {
        step(session, size);
        step(roomy, size);
      }
      Images images = Images.of(new float[fits * INPUT.values()]);
      assertThat(session.probabilities(images, fits)).isEqualTo(roomy.probabilities(images, fits));
      assertThat(session.parameters()).isEqualTo(roomy.parameters());
      assertThat(gpu.machine().calls("cuGraphLaunch")).isPositive();
    }
    assertThat(gpu.leaks()).isEmpty();
  }

  private static int largest(Session session) {
    String message = catchThrowable(() -> step(session, 1 << 10)).getMessage();
    Matcher size = Pattern.compile("batch-size = (\\d+) fits").matcher(message);
    assertThat(size.find()).as(message).isTrue();
    return Integer.parseInt(size.group(1));
  }

  @Test
  void aNetworkThatDoesNotFitIsLeftToOthersAndLeavesNothingBehind() {
    SimulatedGpu gpu = withMemory((32 << 20) + (64 << 10));
    assertThatThrownBy(() -> open(gpu))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasCauseInstanceOf(DeviceMemoryException.class)
        .hasMessageContaining("MB of its memory were needed")
        .hasMessageContaining("are free");
    assertThat(gpu.leaks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cuInit, 999",
    "cuDeviceGet, 101",
    "cuDevicePrimaryCtxRetain, 2",
    "cuDevicePrimaryCtxRetain, 802",
    "cuStreamCreate, 2",
    "cudnnCreate, 1",
    "cublasCreate_v2, 1",
    "cublasSetWorkspace_v2, 7",
    "cuModuleLoadData, 222",
    "cuMemHostAlloc, 2",
    "cuMemcpyHtoDAsync_v2, 700",
    "cudnnCreateTensorDescriptor, 2",
    "cudnnSetTensor4dDescriptor, 3",
    "cudnnSetFilter4dDescriptor, 3",
    "cudnnCreateConvolutionDescriptor, 2",
    "cudnnSetConvolutionMathType, 3",
    "cudnnGetConvolutionBackwardDataWorkspaceSize, 4"
  })
  void aDeviceThatCannotBeOpenedIsLeftToOthersAndSaysWhichCallFailed(String call, int status) {
    SimulatedGpu gpu = new SimulatedGpu();
    gpu.machine().failing(call, 1, status);
    assertThatThrownBy(() -> open(gpu))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasCauseInstanceOf(CudaException.class)
        .hasMessageContaining(call)
        .hasMessageContaining("status " + status)
        .hasMessageContaining("accelerator.gpu = off");
    assertThat(gpu.leaks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cuLaunchKernel, 719",
    "cudnnConvolutionForward, 8",
    "cudnnConvolutionBackwardFilter, 8",
    "cublasGemmEx, 13",
    "cuStreamSynchronize, 700",
    "cuGraphLaunch, 700"
  })
  void aStepThatFailsSaysWhichCallFailedAndTheSessionCloses(String call, int status)
      throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    Session session = open(gpu);
    gpu.machine().failing(call, 1, status);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 3; i++) {
                step(session, 2);
              }
            })
        .isInstanceOf(CudaException.class)
        .hasMessageContaining(call)
        .hasMessageContaining("status " + status);
    session.close();
    assertThat(gpu.leaks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"cuLaunchKernel, 900", "cuGraphInstantiateWithFlags, 2"})
  void stepsThatCannotBeCapturedAreQueuedOneByOne(String call, int status) throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    try (Session ordinary = open(new SimulatedGpu());
        Session other = open(gpu)) {
      for (int i = 0; i < 4; i++) {
        if (i == 1) {
          gpu.machine().failing(call, 1, status);
        }
        step(ordinary, 2);
        step(other, 2);
      }
      assertThat(gpu.machine().calls("cuGraphLaunch")).isZero();
      assertThat(other.parameters()).isEqualTo(ordinary.parameters());
    }
    assertThat(gpu.leaks()).isEmpty();
  }

  @Test
  void aFirstStepThatFailsIsNotThoughtDone() throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    try (Session session = open(gpu)) {
      gpu.machine().failing("cudnnConvolutionForward", 1, 8);
      assertThatThrownBy(() -> step(session, 2)).isInstanceOf(CudaException.class);
      step(session, 2);
      assertThat(gpu.machine().calls("cuStreamBeginCapture_v2")).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"cuLaunchKernel, 2", "cudnnConvolutionForward, 2", "cublasGemmEx, 3"})
  void memoryThatLibrariesDoNotFindForThemselvesIsTold(String call, int status) throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    try (Session session = open(gpu)) {
      gpu.machine().failing(call, 1, status);
      assertThatThrownBy(() -> step(session, 2))
          .isInstanceOf(DeviceMemoryException.class)
          .hasMessageContaining(call)
          .hasMessageEndingWith("A smaller training.batch-size takes less memory.");
    }
  }

  /** Algorithm 1 is the first of all convolutions, and of gradients the only one. */
  @Test
  void anAlgorithmThatNeedsMuchMemoryIsTakenWhereThereIsNoOther() throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    gpu.machine().moreWorkspace(1, 5L << 30);
    try (Session session = open(gpu)) {
      assertThat(session.probabilities(Images.of(new float[INPUT.values()]), 1)).hasSize(3);
      assertThatThrownBy(() -> step(session, 1))
          .isInstanceOf(DeviceMemoryException.class)
          .hasMessageContaining("a batch of 1 images needs 53");
    }
  }

  @Test
  void aConvolutionWithoutItsFirstAlgorithmTakesTheNext() throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    try (Session ordinary = open(new SimulatedGpu());
        Session other = open(gpu)) {
      gpu.machine().failing("cudnnGetConvolutionForwardWorkspaceSize", 1, 9);
      step(ordinary, 2);
      step(other, 2);
      float[] expected = ordinary.parameters();
      float[] actual = other.parameters();
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cudnnGetConvolutionBackwardDataWorkspaceSize",
        "cudnnGetConvolutionBackwardFilterWorkspaceSize"
      })
  void aNetworkWithoutAlgorithmsIsLeftToOthers(String call) {
    SimulatedGpu gpu = new SimulatedGpu();
    gpu.machine().failing(call, 1, 9);
    assertThatThrownBy(() -> open(gpu))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining(call);
    assertThat(gpu.leaks()).isEmpty();
  }

  /** Its first convolution reads the images, of which nobody needs gradients. */
  @Test
  void algorithmsAreAskedForOnlyForGradientsThatSomebodyNeeds() throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    try (Session session = open(gpu)) {
      int ofWeights = gpu.machine().calls("cudnnGetConvolutionBackwardFilterWorkspaceSize");
      assertThat(ofWeights).isGreaterThan(1);
      assertThat(gpu.machine().calls("cudnnGetConvolutionBackwardDataWorkspaceSize"))
          .isEqualTo(ofWeights - 1);
      step(session, 2);
    }
  }

  @Test
  void nothingIsAskedForGradientsInFrozenLayers() throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    ComputationGraph network = network();
    List<String> layers = Segment.of(network).stream().map(Segment::layer).distinct().toList();
    LayerNames frozen = new LayerNames(layers.subList(0, layers.size() - 1));
    LayerRates rates = new LayerRates(frozen, LayerNames.NONE, 1, LayerRates.Unfreezing.AT_ONCE);
    try (Session session = open(gpu, network, optimizer("nesterov").with(rates))) {
      step(session, 2);
    }
    assertThat(gpu.machine().calls("cudnnGetConvolutionBackwardDataWorkspaceSize")).isZero();
    assertThat(gpu.machine().calls("cudnnGetConvolutionBackwardFilterWorkspaceSize")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cudnnGetConvolutionBackwardDataWorkspaceSize",
        "cudnnGetConvolutionBackwardFilterWorkspaceSize"
      })
  void aNetworkThatOnlyAnswersNeedsNoAlgorithmsOfGradients(String call) throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    gpu.machine().failing(call, 1, 9);
    Job job = Job.inference(network(), INPUT, 1);
    try (Session session = gpu.backend(Precision.FLOAT32, false).open(job)) {
      assertThat(session.probabilities(Images.of(new float[INPUT.values()]), 1)).hasSize(3);
    }
    assertThat(gpu.leaks()).isEmpty();
  }

  /** A convolution has two algorithms; where both fail, those before it hold something. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aNetworkThatOnlyAnswersIsLeftToOthersWithoutAlgorithmsOfResults(int firstRefused) {
    SimulatedGpu gpu = new SimulatedGpu();
    gpu.machine().failing("cudnnGetConvolutionForwardWorkspaceSize", firstRefused, 9);
    gpu.machine().failing("cudnnGetConvolutionForwardWorkspaceSize", firstRefused + 1, 9);
    Job job = Job.inference(network(), INPUT, 1);
    assertThatThrownBy(() -> gpu.backend(Precision.FLOAT32, false).open(job))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("cudnnGetConvolutionForwardWorkspaceSize");
    assertThat(gpu.leaks()).isEmpty();
  }

  @Test
  void aBatchSizeWithoutAlgorithmsIsToldWithWhatMayHelp() throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    try (Session session = open(gpu)) {
      gpu.machine().failing("cudnnGetConvolutionBackwardDataWorkspaceSize", 1, 9);
      assertThatThrownBy(() -> step(session, 2))
          .isInstanceOf(UnsupportedBatchException.class)
          .hasMessage(
              "Cannot train on a simulated GPU in batches of 2 images:"
                  + " cudnnGetConvolutionBackwardDataWorkspaceSize returned status 9. It has an"
                  + " algorithm for a single image, so that another training.batch-size may do;"
                  + " accelerator.gpu = off computes on the CPU.");
      step(session, 2);
    }
    assertThat(gpu.leaks()).isEmpty();
  }

  @Test
  void imagesAreClassifiedInSmallerBatchesWhereABatchSizeHasNoAlgorithms() throws Exception {
    String call = "cudnnGetConvolutionForwardWorkspaceSize";
    float[] values = new float[4 * INPUT.values()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7 - 3;
    }
    Images images = Images.of(values);
    Job job = Job.inference(network(), INPUT, 1);
    SimulatedGpu gpu = new SimulatedGpu();
    try (Session ordinary = new SimulatedGpu().backend(Precision.FLOAT32, false).open(job);
        Session other = gpu.backend(Precision.FLOAT32, false).open(job)) {
      for (int refused = 1; refused <= 4; refused++) { // batches of 4, and then of 2
        gpu.machine().failing(call, refused, 9);
      }
      float[] expected = ordinary.probabilities(images, 4);
      assertThat(other.probabilities(images, 4)).isEqualTo(expected);
      int asked = gpu.machine().calls(call);
      assertThat(other.probabilities(images, 4)).isEqualTo(expected);
      assertThat(gpu.machine().calls(call)).as("not asked again").isEqualTo(asked);
    }
    assertThat(gpu.leaks()).isEmpty();
  }

  @Test
  void theContextAndItsKernelsAreThoseOfTheWholeProcess() throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    for (int i = 0; i < 2; i++) {
      try (Session session = open(gpu);
          Session beside = open(gpu)) {
        step(session, 2);
        step(beside, 2);
        assertThat(session.parameters()).isEqualTo(beside.parameters());
      }
    }
    assertThat(gpu.machine().calls("cuDevicePrimaryCtxRetain")).isEqualTo(1);
    assertThat(gpu.machine().calls("cuDevicePrimaryCtxRelease_v2")).isZero();
    assertThat(gpu.machine().calls("cuModuleLoadData")).isEqualTo(KernelModules.FILES.size());
    assertThat(gpu.machine().calls("cuModuleUnload")).isZero();
    assertThat(gpu.leaks()).isEmpty();
  }

  @Test
  void aCardThatCouldNotBeOpenedIsTriedAgain() throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    for (String call : List.of("cuDevicePrimaryCtxRetain", "cuModuleLoadData")) {
      gpu.machine().failing(call, call.startsWith("cuModule") ? 3 : 1, 2);
      assertThatThrownBy(() -> open(gpu)).hasMessageContaining(call);
    }
    try (Session session = open(gpu)) {
      step(session, 2);
    }
    assertThat(gpu.machine().calls("cuDevicePrimaryCtxRetain")).isEqualTo(2);
    assertThat(gpu.machine().calls("cuModuleUnload")).isEqualTo(2);
    assertThat(gpu.leaks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"nesterov", "rmsprop"})
  void aClosedSessionHasGivenEverythingBack(String rule) throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    try (Session session = open(gpu, rule)) {
      for (int i = 0; i < 3; i++) {
        step(session, 2 + i);
        session.probabilities(Images.of(new float[INPUT.values()]), 1);
      }
      assertThat(gpu.machine().allocations()).isPositive();
    }
    assertThat(gpu.leaks()).isEmpty();
  }
}
