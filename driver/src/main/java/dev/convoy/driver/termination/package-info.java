/**
 * Early termination: which trial goes on, and until when. The family {@link
 * dev.convoy.driver.termination.TerminationRules} and its members, one file each; state machines
 * without clock or threads. Driver only.
 */
package dev.convoy.driver.termination;
