/** What a person sees while a command runs. Driver only. */
package dev.convoy.driver.report;
