/** The compose stacks as operators run them, with real images on a real engine. */
package dev.postbus.containers;
