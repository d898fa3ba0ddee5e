/**
 * The GPUs of this machine: which there are, which of them Convoy can compute on, and why it cannot
 * on the others. {@link dev.convoy.worker.cuda.device.GpuRequirements} is the table of that, {@link
 * dev.convoy.worker.cuda.device.Gpus} finds and answers.
 */
package dev.convoy.worker.cuda.device;
