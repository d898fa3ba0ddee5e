/** What was measured, as a table, as JSON and as a picture. */
package dev.convoy.benchmark.report;
