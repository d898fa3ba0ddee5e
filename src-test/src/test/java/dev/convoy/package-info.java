/** The application as a whole: what it promises to users, whatever fails. */
package dev.convoy;
