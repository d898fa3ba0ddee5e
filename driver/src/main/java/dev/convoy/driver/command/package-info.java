/** The command line: one class a command, exit codes and messages in one place. Driver only. */
package dev.convoy.driver.command;
