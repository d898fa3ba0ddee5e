/** Models as files: ordinary Deeplearning4j zips with a plain-data card beside the network. */
package dev.convoy.worker.archive;
