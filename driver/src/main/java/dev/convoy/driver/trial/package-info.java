/**
 * Trials side by side: runs that are scheduled, trained several at once, recorded, and gone on with
 * after a crash. What a trial is for, a search or an ensemble says.
 */
package dev.convoy.driver.trial;
