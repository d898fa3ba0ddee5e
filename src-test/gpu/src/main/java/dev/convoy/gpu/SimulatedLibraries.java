package dev.convoy.gpu;

import dev.convoy.worker.cuda.api.Blas;
import dev.convoy.worker.cuda.api.Dnn;
import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.api.LibrarySource;
import dev.convoy.worker.cuda.api.LibraryVersion;
import dev.convoy.worker.cuda.simulation.SimulatedMachine;

/** A simulated machine in place of a real one, to rehearse. */
final class SimulatedLibraries implements LibrarySource {
  private final SimulatedMachine machine = SimulatedMachine.ordinary();

  @Override
  public boolean hasDriver() {
    return true;
  }

  @Override
  public Driver driver() {
    return machine.driver();
  }

  @Override
  public Blas blas(LibraryVersion newestCuda) {
    return machine.blas();
  }

  @Override
  public Dnn dnn() {
    return machine.dnn();
  }
}
