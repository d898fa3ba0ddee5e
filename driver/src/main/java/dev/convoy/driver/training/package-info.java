/** The one training loop, and what it decides by. Driver only. */
package dev.convoy.driver.training;
