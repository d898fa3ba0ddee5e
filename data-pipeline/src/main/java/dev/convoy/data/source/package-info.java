/** Where images come from: listings for the driver, decoded examples for executors. */
package dev.convoy.data.source;
