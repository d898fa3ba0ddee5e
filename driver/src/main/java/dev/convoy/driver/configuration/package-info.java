/**
 * The configuration: HOCON text in, validated records out. Nothing below the driver reads
 * configuration text.
 */
package dev.convoy.driver.configuration;
