package dev.convoy.driver.cluster;

import dev.convoy.data.DataException;
import dev.convoy.driver.exchange.LostSliceException;
import dev.convoy.worker.accelerator.GpuRequiredException;
import dev.convoy.worker.natives.NativeLibrariesException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.apache.spark.TaskKilledException;

/** Stands between the computation of a network and the executor that it runs on. */
final class NetworkGuard {
  private NetworkGuard() {}

  /**
   * Does the work of a network. One that is too large must not take the executor, and every other
   * run on it, down: Spark ends the JVM for an error, and not for an exception.
   *
   * @throws NetworkException if the network is to blame
   */
  static <T> T compute(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (OutOfMemoryError e) {
      throw new NetworkException(
          "Cannot compute the network: an executor is out of memory: " + e.getMessage(), e);
    } catch (GpuRequiredException e) {
      throw new NetworkException(e.getMessage(), e);
    } catch (DataException
        | UncheckedIOException
        | CancellationException
        | TaskKilledException
        | NativeLibrariesException
        | NetworkException
        | UnsuitableClusterException
        | LostSliceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new NetworkException("Cannot compute the network: " + e, e);
    }
  }
}
