package dev.convoy.driver.space;

import java.util.OptionalLong;

/** The numbered samples of one method. */
interface Trials {
  /** The accepted sample of a number from 0. */
  Sample sample(int trial, Box box);

  /** How many accepted samples there are, if they end. */
  default OptionalLong size(Box box) {
    return OptionalLong.empty();
  }
}
