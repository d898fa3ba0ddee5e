/** What a run has come to between two rounds, and when it stops: values without side effects. */
package dev.convoy.driver.state;
