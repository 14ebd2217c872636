/** What the build of the images asks of the local stack, so that both start programs alike. */
@org.jspecify.annotations.NullMarked
package dev.postbus.deploy.images;
