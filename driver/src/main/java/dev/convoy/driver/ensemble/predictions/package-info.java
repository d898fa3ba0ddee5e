/**
 * What the members of an ensemble say of every example: collected once, then read over and over.
 */
package dev.convoy.driver.ensemble.predictions;
