package dev.convoy.worker.cuda.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.worker.cuda.api.Dnn;
import dev.convoy.worker.cuda.simulation.ptx.DeviceFault;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Simulated convolutions are the formula's, and what does not fit is refused. */
class SimulatedDnnTest {
  private static final Example PLAIN = new Example(Dnn.NHWC, Dnn.FLOAT, 4, 1, 1, 1, 1);

  private final Random random = new Random(7);
  private final SimulatedMachine machine =
      new SimulatedMachine(
          DeviceModel.ordinary(), DeviceModel.ordinary().at("0000:02:00.0").withCapability(7, 5));
  private final TestDevice device = new TestDevice(machine);
  private final Dnn dnn = machine.dnn();
  private final long handle = created();

  /** A convolution of two images of this size, with six filters of three by two. */
  private record Example(
      int order, int type, int channels, int groups, int stride, int dilation, int padding) {
    static final int IMAGES = 2;
    static final int HEIGHT = 7;
    static final int WIDTH = 6;
    static final int FILTERS = 6;
    static final int ROWS = 3;
    static final int COLUMNS = 2;

    int groupChannels() {
      return channels / groups;
    }

    int resultHeight() {
      return (HEIGHT + 2 * padding - (ROWS - 1) * dilation - 1) / stride + 1;
    }

    int resultWidth() {
      return (WIDTH + 2 * padding - (COLUMNS - 1) * dilation - 1) / stride + 1;
    }

    int xSize() {
      return IMAGES * channels * HEIGHT * WIDTH;
    }

    int wSize() {
      return FILTERS * groupChannels() * ROWS * COLUMNS;
    }

    int ySize() {
      return IMAGES * FILTERS * resultHeight() * resultWidth();
    }

    /** Where a value is in a packed tensor of this example's order. */
    int at(int n, int c, int h, int w, int channelCount, int height, int width) {
      return order == Dnn.NHWC
          ? ((n * height + h) * width + w) * channelCount + c
          : ((n * channelCount + c) * height + h) * width + w;
    }
  }

  private interface Product {
    void add(int x, int w, int y);
  }

  /** All products of a convolution, one after the other. */
  private static void products(Example e, Product product) {
    for (int n = 0; n < Example.IMAGES; n++) {
      for (int k = 0; k < Example.FILTERS; k++) {
        for (int p = 0; p < e.resultHeight(); p++) {
          for (int q = 0; q < e.resultWidth(); q++) {
            products(e, n, k, p, q, product);
          }
        }
      }
    }
  }

  private static void products(Example e, int n, int k, int p, int q, Product product) {
    int first = k / (Example.FILTERS / e.groups()) * e.groupChannels();
    int y = e.at(n, k, p, q, Example.FILTERS, e.resultHeight(), e.resultWidth());
    for (int c = 0; c < e.groupChannels(); c++) {
      for (int r = 0; r < Example.ROWS; r++) {
        for (int s = 0; s < Example.COLUMNS; s++) {
          int h = p * e.stride() - e.padding() + r * e.dilation();
          int w = q * e.stride() - e.padding() + s * e.dilation();
          if (h >= 0 && h < Example.HEIGHT && w >= 0 && w < Example.WIDTH) {
            product.add(
                e.at(n, first + c, h, w, e.channels(), Example.HEIGHT, Example.WIDTH),
                e.at(k, c, r, s, e.groupChannels(), Example.ROWS, Example.COLUMNS),
                y);
          }
        }
      }
    }
  }

  private long created() {
    long[] created = new long[1];
    TestDevice.check(dnn.cudnnCreate(created));
    TestDevice.check(dnn.cudnnSetStream(created[0], device.stream()));
    return created[0];
  }

  private long tensor(int order, int type, int n, int c, int h, int w) {
    long[] descriptor = new long[1];
    TestDevice.check(dnn.cudnnCreateTensorDescriptor(descriptor));
    TestDevice.check(dnn.cudnnSetTensor4dDescriptor(descriptor[0], order, type, n, c, h, w));
    return descriptor[0];
  }

  private long x(Example e) {
    return tensor(e.order(), e.type(), Example.IMAGES, e.channels(), Example.HEIGHT, Example.WIDTH);
  }

  private long y(Example e) {
    return tensor(
        e.order(), e.type(), Example.IMAGES, Example.FILTERS, e.resultHeight(), e.resultWidth());
  }

  private long w(Example e) {
    long[] descriptor = new long[1];
    TestDevice.check(dnn.cudnnCreateFilterDescriptor(descriptor));
    TestDevice.check(
        dnn.cudnnSetFilter4dDescriptor(
            descriptor[0],
            e.type(),
            e.order(),
            Example.FILTERS,
            e.groupChannels(),
            Example.ROWS,
            Example.COLUMNS));
    return descriptor[0];
  }

  private long geometry(Example e) {
    long[] descriptor = new long[1];
    TestDevice.check(dnn.cudnnCreateConvolutionDescriptor(descriptor));
    TestDevice.check(
        dnn.cudnnSetConvolution2dDescriptor(
            descriptor[0],
            e.padding(),
            e.padding(),
            e.stride(),
            e.stride(),
            e.dilation(),
            e.dilation(),
            Dnn.CROSS_CORRELATION,
            Dnn.FLOAT));
    TestDevice.check(dnn.cudnnSetConvolutionGroupCount(descriptor[0], e.groups()));
    TestDevice.check(dnn.cudnnSetConvolutionMathType(descriptor[0], Dnn.TENSOR_OP_MATH));
    return descriptor[0];
  }

  private static FloatFormat format(int type) {
    return type == Dnn.FLOAT ? FloatFormat.SINGLE : FloatFormat.UPPER_HALF;
  }

  private float[] values(int type, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = format(type).rounded(random.nextFloat() - 0.5f);
    }
    return values;
  }

  private long put(int type, float[] values) {
    if (type == Dnn.FLOAT) {
      return device.put(values);
    }
    short[] halves = new short[values.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (short) (Float.floatToIntBits(values[i]) >>> 16);
    }
    return device.put(halves);
  }

  private void expect(int type, long address, float[] before, double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      double expected = 0.5 * sums[i] + 2 * before[i];
      float found =
          type == Dnn.FLOAT
              ? device.floats(address + 4L * i, 1)[0]
              : Float.intBitsToFloat(device.shorts(address + 2L * i, 1)[0] << 16);
      // Half a unit in the last place of 24 or of 8 bits.
      double tolerance = Math.abs(expected) * (type == Dnn.FLOAT ? 0x1p-24 : 0x1p-8);
      assertThat((double) found).isCloseTo(expected, within(tolerance + 1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 4, 1, 1, 1, 1",
    "1, 0, 4, 2, 2, 1, 1",
    "1, 0, 6, 6, 1, 1, 0",
    "1, 0, 4, 1, 1, 2, 2",
    "1, 9, 4, 2, 2, 2, 2",
    "0, 0, 4, 2, 2, 1, 1",
    "0, 9, 3, 3, 1, 2, 1",
  })
  void convolutionsAreTheFormulas(
      int order, int type, int channels, int groups, int stride, int dilation, int padding) {
    Example e = new Example(order, type, channels, groups, stride, dilation, padding);
    float[] images = values(type, e.xSize());
    float[] filters = values(type, e.wSize());
    float[] results = values(type, e.ySize());
    double[] forward = new double[e.ySize()];
    double[] byImages = new double[e.xSize()];
    double[] byFilters = new double[e.wSize()];
    products(
        e,
        (x, w, y) -> {
          forward[y] += (double) images[x] * filters[w];
          byImages[x] += (double) results[y] * filters[w];
          byFilters[w] += (double) results[y] * images[x];
        });
    long x = put(type, images);
    long w = put(type, filters);
    long y = put(type, results);
    long dx = put(type, images);
    long dw = put(type, filters);
    long out = put(type, results);
    float[] half = {0.5f};
    float[] two = {2};
    long xd = x(e);
    long wd = w(e);
    long yd = y(e);
    long g = geometry(e);
    long[] bytes = new long[1];
    TestDevice.check(dnn.cudnnGetConvolutionForwardWorkspaceSize(handle, xd, wd, g, yd, 1, bytes));
    long ws = device.take(bytes[0]);
    TestDevice.check(
        dnn.cudnnConvolutionForward(handle, half, xd, x, wd, w, g, 1, ws, bytes[0], two, yd, out));
    TestDevice.check(
        dnn.cudnnGetConvolutionBackwardDataWorkspaceSize(handle, wd, yd, g, xd, 1, bytes));
    ws = device.take(bytes[0]);
    TestDevice.check(
        dnn.cudnnConvolutionBackwardData(
            handle, half, wd, w, yd, y, g, 1, ws, bytes[0], two, xd, dx));
    TestDevice.check(
        dnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, xd, yd, g, wd, 1, bytes));
    ws = device.take(bytes[0]);
    TestDevice.check(
        dnn.cudnnConvolutionBackwardFilter(
            handle, half, xd, x, yd, y, g, 1, ws, bytes[0], two, wd, dw));
    half[0] = Float.NaN;
    two[0] = Float.NaN;
    expect(type, out, results, forward);
    expect(type, dx, images, byImages);
    expect(type, dw, filters, byFilters);
  }

  private int forward(long xd, long wd, long yd, long g, long ws, long bytes, long out) {
    long x = device.put(new float[PLAIN.xSize()]);
    long w = device.put(new float[PLAIN.wSize()]);
    return forward(xd, x, wd, w, yd, g, ws, bytes, out);
  }

  private int forward(
      long xd, long x, long wd, long w, long yd, long g, long ws, long bytes, long out) {
    float[] one = {1};
    float[] zero = {0};
    return dnn.cudnnConvolutionForward(handle, one, xd, x, wd, w, g, 1, ws, bytes, zero, yd, out);
  }

  @Test
  void betaOfZeroDoesNotReadWhatWasThere() {
    long out = device.take(4L * PLAIN.ySize());
    long ws = device.take(4000);
    TestDevice.check(forward(x(PLAIN), w(PLAIN), y(PLAIN), geometry(PLAIN), ws, 4000, out));
    assertThat(device.floats(out, PLAIN.ySize())).containsOnly(0);
  }

  @Test
  void smallWorkspacesAndUnalignedAddressesAreRefused() {
    long out = device.take(4L * PLAIN.ySize() + 16);
    long ws = device.take(4000);
    long xd = x(PLAIN);
    long wd = w(PLAIN);
    long yd = y(PLAIN);
    long g = geometry(PLAIN);
    assertThat(forward(xd, wd, yd, g, ws, 100, out)).isEqualTo(3);
    assertThat(forward(xd, wd, yd, g, 0, 4000, out)).isEqualTo(3);
    assertThat(forward(xd, wd, yd, g, ws, 4000, out + 4)).isEqualTo(3);
    assertThat(forward(xd, wd, yd, g, ws, 4000, out)).isZero();
  }

  @Test
  void descriptorsThatDoNotFitEachOtherAreRefused() {
    long[] bytes = new long[1];
    Example other = new Example(Dnn.NHWC, Dnn.FLOAT, 4, 1, 2, 1, 1);
    Example halves = new Example(Dnn.NHWC, Dnn.BFLOAT16, 4, 1, 1, 1, 1);
    Example groups = new Example(Dnn.NHWC, Dnn.FLOAT, 4, 2, 1, 1, 1);
    Example rows = new Example(Dnn.NCHW, Dnn.FLOAT, 4, 1, 1, 1, 1);
    for (long y : new long[] {y(other), y(halves), y(rows)}) {
      assertThat(
              dnn.cudnnGetConvolutionForwardWorkspaceSize(
                  handle, x(PLAIN), w(PLAIN), geometry(PLAIN), y, 1, bytes))
          .isEqualTo(3);
    }
    assertThat(
            dnn.cudnnGetConvolutionForwardWorkspaceSize(
                handle, x(PLAIN), w(PLAIN), geometry(groups), y(PLAIN), 1, bytes))
        .isEqualTo(3);
    machine.dnnVersion(91_700);
    assertThat(
            dnn.cudnnGetConvolutionForwardWorkspaceSize(
                handle, x(PLAIN), w(PLAIN), geometry(groups), y(PLAIN), 1, bytes))
        .isEqualTo(2000);
  }

  @Test
  void algorithmsThatDifferFromRunToRunAreNotThere() {
    long[] bytes = new long[1];
    assertThat(
            dnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                handle, w(PLAIN), y(PLAIN), geometry(PLAIN), x(PLAIN), 0, bytes))
        .isEqualTo(9);
    assertThat(
            dnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                handle, x(PLAIN), y(PLAIN), geometry(PLAIN), w(PLAIN), 3, bytes))
        .isEqualTo(9);
  }

  @Test
  void convolutionsAreCapturedAndTheirMemoryIsChecked() {
    long out = device.take(4L * PLAIN.ySize());
    long ws = device.take(4000);
    long x = device.put(new float[PLAIN.xSize()]);
    long w = device.put(new float[PLAIN.wSize()]);
    long[] graph = new long[1];
    machine.driver().cuStreamBeginCapture_v2(device.stream(), 1);
    TestDevice.check(forward(x(PLAIN), x, w(PLAIN), w, y(PLAIN), geometry(PLAIN), ws, 4000, out));
    machine.driver().cuStreamEndCapture(device.stream(), graph);
    assertThat(device.floats(out, 1)).containsExactly(Float.NaN);
    long[] executable = new long[1];
    machine.driver().cuGraphInstantiateWithFlags(executable, graph[0], 0);
    machine.driver().cuGraphLaunch(executable[0], device.stream());
    assertThat(device.floats(out, 1)).containsExactly(0);
    long small = device.take(16);
    assertThatThrownBy(
            () -> forward(x(PLAIN), w(PLAIN), y(PLAIN), geometry(PLAIN), ws, 4000, small))
        .isInstanceOf(DeviceFault.class)
        .hasMessageContaining("cudnnConvolutionForward, y: accesses");
  }

  @Test
  void itsStreamIsSet() {
    long[] other = new long[1];
    TestDevice.check(dnn.cudnnCreate(other));
    long memory = device.take(4000);
    assertThatThrownBy(
            () ->
                dnn.cudnnConvolutionForward(
                    other[0],
                    new float[1],
                    x(PLAIN),
                    memory,
                    w(PLAIN),
                    memory,
                    geometry(PLAIN),
                    0,
                    memory,
                    4000,
                    new float[1],
                    y(PLAIN),
                    memory))
        .hasMessageContaining("used before its stream is set");
  }

  @Test
  void devicesBeforeAmpereHaveNoBfloat16() {
    long[] context = new long[1];
    machine.driver().cuDevicePrimaryCtxRetain(context, 1);
    machine.driver().cuCtxSetCurrent(context[0]);
    long[] old = new long[1];
    TestDevice.check(dnn.cudnnCreate(old));
    Example e = new Example(Dnn.NHWC, Dnn.BFLOAT16, 4, 1, 1, 1, 1);
    assertThat(
            dnn.cudnnGetConvolutionForwardWorkspaceSize(
                old[0], x(e), w(e), geometry(e), y(e), 1, new long[1]))
        .isEqualTo(9);
  }
}
