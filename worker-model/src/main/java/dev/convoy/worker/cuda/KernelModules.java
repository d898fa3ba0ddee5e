package dev.convoy.worker.cuda;

import dev.convoy.worker.cuda.api.Driver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The kernels of {@code src/main/cuda}, compiled by the driver for its device. */
final class KernelModules implements AutoCloseable {
  private static final int NOT_FOUND = 500;

  private static final List<String> FILES =
      List.of(
          "dropout",
          "elementwise",
          "images",
          "loss",
          "normalization",
          "pooling",
          "update",
          "weights");

  private final Device device;
  private final List<Long> modules = new ArrayList<>();

  /** Has none yet. */
  KernelModules(Device device) {
    this.device = device;
  }

  /** Has the driver compile them all. */
  void load() {
    for (String file : FILES) {
      long[] module = new long[1];
      device.check(
          "cuModuleLoadData of " + file,
          device.driver().cuModuleLoadData(module, image(file + ".ptx")));
      modules.add(module[0]);
    }
  }

  private static byte[] image(String file) {
    try (InputStream in = KernelModules.class.getResourceAsStream(file)) {
      byte[] text = in.readAllBytes();
      return Arrays.copyOf(text, text.length + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + " of this application", e);
    }
  }

  /** A kernel's handle. */
  long function(String name) {
    long[] function = new long[1];
    for (long module : modules) {
      int status = device.driver().cuModuleGetFunction(function, module, Device.text(name));
      if (status == Driver.SUCCESS) {
        return function[0];
      }
      if (status != NOT_FOUND) {
        device.check("cuModuleGetFunction of " + name, status);
      }
    }
    throw new CudaException("cuModuleGetFunction of " + name, NOT_FOUND, device.name());
  }

  @Override
  public void close() {
    modules.forEach(device.driver()::cuModuleUnload);
    modules.clear();
  }
}
