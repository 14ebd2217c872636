/** Before-queue filters: SMTP servers that judge a message and hand it on to Postfix. */
@org.jspecify.annotations.NullMarked
package dev.postbus.policy.smtp;
