package dev.convoy.worker.cuda;

import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.device.CardContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kernels of {@code src/main/cuda}, compiled by the driver for its device: once for all
 * sessions of this process.
 */
final class KernelModules {
  private static final int NOT_FOUND = 500;

  /** One module each. */
  static final List<String> FILES =
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
  private List<Long> modules = List.of();

  /** Has none yet. */
  KernelModules(Device device) {
    this.device = device;
  }

  /** Takes those of a card, or has the driver compile them all. */
  void load(CardContext card) {
    modules = card.modules(this::loaded);
  }

  private List<Long> loaded() {
    List<Long> loaded = new ArrayList<>();
    try {
      for (String file : FILES) {
        long[] module = new long[1];
        device.check(
            "cuModuleLoadData of " + file,
            device.driver().cuModuleLoadData(module, image(file + ".ptx")));
        loaded.add(module[0]);
      }
      return loaded;
    } catch (RuntimeException e) {
      loaded.forEach(device.driver()::cuModuleUnload);
      throw e;
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
}
