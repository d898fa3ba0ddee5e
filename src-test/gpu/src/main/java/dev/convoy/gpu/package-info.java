/**
 * What a real GPU is asked in a few minutes: whether its answers are right, whether they are the
 * same twice, and how fast they come. {@link dev.convoy.gpu.GpuPreparation} runs where ND4J's
 * natives are and writes networks with references; {@link dev.convoy.gpu.GpuCheck} runs beside the
 * card, and needs neither natives nor a network.
 */
package dev.convoy.gpu;
