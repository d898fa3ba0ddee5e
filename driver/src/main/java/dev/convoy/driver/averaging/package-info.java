/** How the workers' results become one, in shard order. Driver only. */
package dev.convoy.driver.averaging;
