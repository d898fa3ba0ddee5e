package dev.convoy.worker.cuda.simulation.ptx;

/** A place in the code, known when its label has been read. */
final class PtxLabel {
  private int position = -1;

  int position() {
    return position;
  }

  void place(int at) {
    position = at;
  }
}
