/** Random numbers that are pure functions of a key, so that every retry draws the same ones. */
package dev.convoy.data.random;
