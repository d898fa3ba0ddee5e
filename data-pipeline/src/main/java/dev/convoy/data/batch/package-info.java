/** Which examples a round trains on, and their assembly into batches of pixels and targets. */
package dev.convoy.data.batch;
