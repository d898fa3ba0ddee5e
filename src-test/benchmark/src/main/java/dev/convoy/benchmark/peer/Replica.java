package dev.convoy.benchmark.peer;

/** One copy of a network, built and used by one thread. */
interface Replica {
  /** How many parameters are learned; running statistics do not count. */
  long parameters();

  /** Takes a step; returns how many images went through. */
  int step();
}
