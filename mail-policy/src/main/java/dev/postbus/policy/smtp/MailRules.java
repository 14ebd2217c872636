package dev.postbus.policy.smtp;

import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.message.Judgement;
import dev.postbus.policy.message.MessageJudge;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Which messages pass. */
sealed interface MailRules {
  /** Why a sender may not begin, if so. */
  Optional<SmtpReply> refuseSender(String sender);

  /** Why a message is not taken, if so. */
  Optional<SmtpReply> refuseMessage(Judgement judgement, String sender, List<String> recipients);

  /** Why a message that is allowed otherwise is not taken as its author's, if so. */
  Optional<SmtpReply> refuseAuthor(Judgement judgement, InputStream message) throws IOException;

  /** Reads a message. */
  Judgement judge(InputStream message) throws IOException;

  SmtpReply CLEARTEXT = new SmtpReply(523, "Encryption Needed: Invalid Unencrypted Mail");

  private static Optional<SmtpReply> cleartext() {
    return Optional.of(CLEARTEXT);
  }

  /** Decides about rates. */
  @FunctionalInterface
  interface Rate {
    boolean allows(String sender);
  }

  /** Decides about recipients. */
  @FunctionalInterface
  interface CleartextRecipients {
    boolean accepts(String recipient);
  }

  /** For mail of our own users. */
  record Outgoing(Rate rate) implements MailRules {
    @Override
    public Optional<SmtpReply> refuseSender(String sender) {
      var at = sender.indexOf('@');
      if (at < 1 || at != sender.lastIndexOf('@') || at == sender.length() - 1) {
        return Optional.of(new SmtpReply(500, "Invalid from address <" + sender + ">"));
      }
      return rate.allows(sender)
          ? Optional.empty()
          : Optional.of(new SmtpReply(450, "4.7.1: Too much mail from " + sender));
    }

    @Override
    public Optional<SmtpReply> refuseMessage(
        Judgement judgement, String sender, List<String> recipients) {
      if (judgement.from().size() != 1 || !judgement.from().getFirst().equalsIgnoreCase(sender)) {
        return Optional.of(
            new SmtpReply(500, "Invalid FROM: the From header must be the sender, " + sender));
      }
      return switch (judgement.kind()) {
        case ENCRYPTED, SECURE_JOIN_REQUEST -> Optional.empty();
        case AUTOCRYPT_SETUP ->
            recipients.size() == 1 && recipients.getFirst().equalsIgnoreCase(sender)
                ? Optional.empty()
                : cleartext();
        case REPORT, CLEARTEXT -> cleartext();
      };
    }

    /** Who logged in may only send as that address, and is the author. */
    @Override
    public Optional<SmtpReply> refuseAuthor(Judgement judgement, InputStream message) {
      return Optional.empty();
    }

    @Override
    public Judgement judge(InputStream message) throws IOException {
      return MessageJudge.judge(message, true);
    }
  }

  /** Decides about signatures. */
  @FunctionalInterface
  interface Signatures {
    Verdict check(InputStream message, List<String> authors) throws IOException;
  }

  /** For mail from other servers. */
  record Incoming(CleartextRecipients cleartextRecipients, Signatures signatures)
      implements MailRules {
    @Override
    public Optional<SmtpReply> refuseSender(String sender) {
      return Optional.empty();
    }

    @Override
    public Optional<SmtpReply> refuseMessage(
        Judgement judgement, String sender, List<String> recipients) {
      return switch (judgement.kind()) {
        case ENCRYPTED, SECURE_JOIN_REQUEST -> Optional.empty();
        case REPORT ->
            judgement.autoSubmitted() && fromMailerDaemon(judgement)
                ? Optional.empty()
                : unlessAccepted(recipients);
        case AUTOCRYPT_SETUP, CLEARTEXT -> unlessAccepted(recipients);
      };
    }

    private Optional<SmtpReply> unlessAccepted(List<String> recipients) {
      return !recipients.isEmpty() && recipients.stream().allMatch(cleartextRecipients::accepts)
          ? Optional.empty()
          : cleartext();
    }

    private static boolean fromMailerDaemon(Judgement judgement) {
      return judgement.from().size() == 1
          && judgement
              .from()
              .getFirst()
              .toLowerCase(java.util.Locale.ROOT)
              .startsWith("mailer-daemon@");
    }

    @Override
    public Optional<SmtpReply> refuseAuthor(Judgement judgement, InputStream message)
        throws IOException {
      return switch (signatures.check(message, judgement.from())) {
        case VALID -> Optional.empty();
        case UNSIGNED -> Optional.of(new SmtpReply(554, "5.7.1 No DKIM signature found"));
        case INVALID -> Optional.of(new SmtpReply(554, "5.7.1 No valid DKIM signature found"));
        case UNKNOWN ->
            Optional.of(
                new SmtpReply(451, "4.7.5 The DKIM key cannot be looked up now, try again later"));
      };
    }

    @Override
    public Judgement judge(InputStream message) throws IOException {
      return MessageJudge.judge(message, false);
    }
  }
}
