/** The run directory, on any Hadoop file system: every file is written anew, then renamed. */
package dev.convoy.driver.directory;
