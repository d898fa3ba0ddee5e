/**
 * {@code convoy check}: minutes before hours. Each {@link dev.convoy.driver.check.Check} looks at
 * one thing on a small sample of the images and gives a {@link dev.convoy.driver.check.Verdict}.
 * Driver only: nothing here runs on executors, and no Spark application is started.
 */
package dev.convoy.driver.check;
