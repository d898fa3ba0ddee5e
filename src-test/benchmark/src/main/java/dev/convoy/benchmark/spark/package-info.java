/** The application as users start it, against the same network in a loop without Spark. */
package dev.convoy.benchmark.spark;
