/** What it costs to make one model of several, without training. */
package dev.convoy.benchmark.averaging;
