package dev.convoy.gpu;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What went wrong.
 *
 * @param failed what was done
 * @param trace where, for whoever mends it
 */
record Failure(String failed, String trace) {
  static Failure of(String what, Throwable problem) {
    StringWriter trace = new StringWriter();
    problem.printStackTrace(new PrintWriter(trace));
    return new Failure(what, trace.toString());
  }
}
