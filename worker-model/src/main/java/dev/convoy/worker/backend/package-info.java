/**
 * What a backend is, whoever computes. A {@link dev.convoy.worker.backend.Backend} opens a {@link
 * dev.convoy.worker.backend.Session} for a network, or says why it cannot. The session is the place
 * where the network is computed: parameters and optimizer state are loaded once a round, batches
 * come as bytes, updates happen there, and the result is read back.
 *
 * <p>Where that place is the memory of the host, a backend is a {@link
 * dev.convoy.worker.backend.HostBackend}: it gives a {@link dev.convoy.worker.backend.Propagation},
 * and {@link dev.convoy.worker.backend.HostSession} does the rest.
 */
package dev.convoy.worker.backend;
