/** One executor's work: networks, their training and their answers. No Spark. */
package dev.convoy.worker;
