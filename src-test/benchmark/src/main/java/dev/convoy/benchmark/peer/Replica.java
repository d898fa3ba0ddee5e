package dev.convoy.benchmark.peer;

/** One copy of a network, built and used by one thread. */
interface Replica {
  /** How many parameters are learned; running statistics do not count. */
  long parameters();

  /** Bytes of the images that are shown to it over and over: they are no part of its memory. */
  default long imageBytes() {
    return 0;
  }

  /** Takes a step; returns how many images went through. */
  int step();
}
