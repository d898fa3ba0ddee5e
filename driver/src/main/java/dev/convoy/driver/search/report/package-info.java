/** What a search of hyperparameters tells: their importance, and a page of plots. Driver only. */
package dev.convoy.driver.search.report;
