/** An ensemble as a page and a sheet of images to look at. Driver only. */
package dev.convoy.driver.ensemble.report;
