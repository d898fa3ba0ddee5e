/**
 * The children: each builds one network, warms up, says {@code ready}, and runs when it is told to.
 * {@link dev.convoy.benchmark.peer.PeerLoop} has the lines that go to and fro. The one in Python is
 * {@code pytorch.py} among the resources.
 */
package dev.convoy.benchmark.peer;
