/**
 * PTX as NVIDIA's driver would run it: a module is parsed, its instructions are decoded once, and
 * the threads of a block take each of them together until they part at a branch. It knows what nvcc
 * makes of plain kernels; anything else is an error that names it.
 *
 * <p>Source: NVIDIA, Parallel Thread Execution ISA.
 */
package dev.convoy.worker.cuda.simulation.ptx;
