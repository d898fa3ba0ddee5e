/**
 * Components: what configurations name and set. A {@link dev.convoy.data.component.Family} lists
 * its members (models, augmentations, optimizers, …); a {@link dev.convoy.data.component.Component}
 * declares its name, what it is, its typed {@link dev.convoy.data.component.Option}s and how it is
 * made, all in the member's own file. Checking, listing and documentation read the declaration.
 */
package dev.convoy.data.component;
