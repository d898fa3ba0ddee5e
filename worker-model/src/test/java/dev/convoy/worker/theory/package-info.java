/**
 * What the field states about networks, shown with those of Convoy; docs/algorithms.md has the
 * figures.
 */
package dev.convoy.worker.theory;
