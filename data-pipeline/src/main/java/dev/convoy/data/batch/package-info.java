/** Which examples a round trains on, and their assembly into normalised float batches. */
package dev.convoy.data.batch;
