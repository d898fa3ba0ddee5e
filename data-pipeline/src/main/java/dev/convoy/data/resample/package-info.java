/** Which training examples a member of an ensemble sees, and how often. */
package dev.convoy.data.resample;
