package dev.convoy.driver.ensemble;

import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.report.Progress;

/** What every part of an ensemble's run works with. */
record EnsembleJob(
    SparkCluster cluster,
    EnsembleDefinition definition,
    EnsembleDirectory directory,
    Progress progress) {}
