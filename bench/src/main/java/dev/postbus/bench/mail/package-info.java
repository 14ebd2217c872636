/** The few words of IMAP and SMTP that the measurements need, and the messages they send. */
@org.jspecify.annotations.NullMarked
package dev.postbus.bench.mail;
