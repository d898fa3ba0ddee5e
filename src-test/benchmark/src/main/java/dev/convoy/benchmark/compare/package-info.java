/** The parent: starts peers, lets them run in turn, and keeps what they answer. */
package dev.convoy.benchmark.compare;
