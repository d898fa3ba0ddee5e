/** What the members of an ensemble say, in files that other tools read. Driver only. */
package dev.convoy.driver.ensemble.export;
