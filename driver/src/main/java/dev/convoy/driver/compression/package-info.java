/** How the changes that workers send are made smaller. */
package dev.convoy.driver.compression;
