/** The native libraries of a process: where they are unpacked, and what they compute with. */
package dev.convoy.worker.natives;
