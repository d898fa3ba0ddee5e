/**
 * Which values of a plan of steps may share memory, since they are never needed at the same time.
 */
package dev.convoy.worker.arena;
