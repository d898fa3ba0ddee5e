/**
 * Ensembles measured: what several members cost compared with one, and how much of the heap it
 * takes to predict many images.
 */
package dev.convoy.benchmark.ensemble;
