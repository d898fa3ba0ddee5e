/** Where the slices of large vectors lie on executors, and how they are brought together. */
package dev.convoy.driver.exchange;
