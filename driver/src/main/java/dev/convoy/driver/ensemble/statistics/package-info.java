/**
 * What an ensemble tells of a labelled data set: how good it and its members are, how they differ,
 * what another member would bring, and how sure it is. Pure functions that read examples one after
 * the other; driver only.
 */
package dev.convoy.driver.ensemble.statistics;
