/** Convoy on Spark: commands, configuration, cluster, training loop, run directory. */
package dev.convoy.driver;
