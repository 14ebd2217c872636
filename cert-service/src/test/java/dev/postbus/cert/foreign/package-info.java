/** Foreign managers' folders as they are, and what is wrong with what lies in them. */
@org.jspecify.annotations.NullMarked
package dev.postbus.cert.foreign;
