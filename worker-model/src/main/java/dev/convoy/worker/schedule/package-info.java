/**
 * Learning-rate schedules: the family {@link dev.convoy.worker.schedule.Schedules} and its members,
 * one file each.
 */
package dev.convoy.worker.schedule;
