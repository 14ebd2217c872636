/** The certificate store on disk, the checks before a certificate is used, and the TLS probe. */
@org.jspecify.annotations.NullMarked
package dev.postbus.certificates;
