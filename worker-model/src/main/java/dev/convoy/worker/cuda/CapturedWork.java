package dev.convoy.worker.cuda;

import dev.convoy.worker.cuda.api.Driver;

/** Work that is queued as a whole, which takes one call. */
final class CapturedWork implements AutoCloseable {
  private final Device device;
  private final Driver driver;
  private final long stream;
  private final long graph;
  private final long executable;

  CapturedWork(Device device, Driver driver, long stream, long graph) {
    this.device = device;
    this.driver = driver;
    this.stream = stream;
    this.graph = graph;
    long[] result = new long[1];
    int status = driver.cuGraphInstantiateWithFlags(result, graph, 0);
    if (status != Driver.SUCCESS) {
      driver.cuGraphDestroy(graph);
    }
    device.check("cuGraphInstantiateWithFlags", status);
    executable = result[0];
  }

  void queue() {
    device.check("cuGraphLaunch", driver.cuGraphLaunch(executable, stream));
  }

  @Override
  public void close() {
    driver.cuGraphExecDestroy(executable);
    driver.cuGraphDestroy(graph);
  }
}
