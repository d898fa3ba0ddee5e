/**
 * Schedules of the learning rate, the family {@link dev.convoy.worker.schedule.Schedules}, and of
 * momentum, {@link dev.convoy.worker.schedule.MomentumSchedules}; their members are one file each.
 */
package dev.convoy.worker.schedule;
