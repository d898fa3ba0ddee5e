/**
 * What a person sees while a command runs, and what the reports that it leaves share. Driver only.
 */
package dev.convoy.driver.report;
