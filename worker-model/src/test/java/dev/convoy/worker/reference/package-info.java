/**
 * A second backend, and the plainest one: every kind of node of {@code worker.graph} computed from
 * its formula in double precision, forward and backward. Compiled networks are compared with it. A
 * new kind of node is its own file here and one line in {@link
 * dev.convoy.worker.reference.Operations}.
 */
package dev.convoy.worker.reference;
