package dev.postbus.policy.smtp;

import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.message.Judgement;
import dev.postbus.policy.message.MessageSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Which messages pass. */
sealed interface MailRules {
  /** Why a sender may not begin, if so. */
  Optional<Ruling.Refused> refuseSender(String sender);

  /** What is to become of a message. */
  Ruling rule(Judgement judgement, String sender, List<String> recipients);

  /** Why a message that is allowed otherwise is not taken as its author's, if so. */
  Optional<Ruling.Refused> refuseAuthor(Judgement judgement, MessageSource message)
      throws IOException;

  /** Reads a message. */
  Judgement judge(MessageSource message) throws IOException;

  Ruling.Refused CLEARTEXT =
      new Ruling.Refused(
          FilterVerdict.REFUSED_CLEARTEXT,
          new SmtpReply(523, "Encryption Needed: Invalid Unencrypted Mail"));

  private static Optional<Ruling.Refused> refused(FilterVerdict verdict, int code, String text) {
    return Optional.of(new Ruling.Refused(verdict, new SmtpReply(code, text)));
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

  /** Reads messages and says what they are. */
  @FunctionalInterface
  interface Judge {
    Judgement judge(MessageSource message) throws IOException;
  }

  /** For mail of our own users. */
  record Outgoing(Rate rate, Judge judge) implements MailRules {
    @Override
    public Optional<Ruling.Refused> refuseSender(String sender) {
      var at = sender.indexOf('@');
      if (at < 1 || at != sender.lastIndexOf('@') || at == sender.length() - 1) {
        return refused(FilterVerdict.REFUSED_SENDER, 500, "Invalid from address <" + sender + ">");
      }
      return rate.allows(sender)
          ? Optional.empty()
          : refused(FilterVerdict.PUT_OFF_RATE, 450, "4.7.1: Too much mail from " + sender);
    }

    @Override
    public Ruling rule(Judgement judgement, String sender, List<String> recipients) {
      if (judgement.from().size() != 1 || !judgement.from().getFirst().equalsIgnoreCase(sender)) {
        return new Ruling.Refused(
            FilterVerdict.REFUSED_AUTHOR,
            new SmtpReply(500, "Invalid FROM: the From header must be the sender, " + sender));
      }
      return switch (judgement.kind()) {
        case ENCRYPTED -> new Ruling.Passed(FilterVerdict.ENCRYPTED);
        case SECURE_JOIN_REQUEST -> new Ruling.Passed(FilterVerdict.SECURE_JOIN);
        case AUTOCRYPT_SETUP ->
            recipients.size() == 1 && recipients.getFirst().equalsIgnoreCase(sender)
                ? new Ruling.Passed(FilterVerdict.SETUP_MESSAGE)
                : CLEARTEXT;
        case REPORT, CLEARTEXT -> CLEARTEXT;
      };
    }

    /** Who logged in may only send as that address, and is the author. */
    @Override
    public Optional<Ruling.Refused> refuseAuthor(Judgement judgement, MessageSource message) {
      return Optional.empty();
    }

    @Override
    public Judgement judge(MessageSource message) throws IOException {
      return judge.judge(message);
    }
  }

  /** Decides about signatures. */
  @FunctionalInterface
  interface Signatures {
    Verdict check(MessageSource message, List<String> authors) throws IOException;
  }

  /** For mail from other servers. */
  record Incoming(CleartextRecipients cleartextRecipients, Judge judge, Signatures signatures)
      implements MailRules {
    @Override
    public Optional<Ruling.Refused> refuseSender(String sender) {
      return Optional.empty();
    }

    @Override
    public Ruling rule(Judgement judgement, String sender, List<String> recipients) {
      return switch (judgement.kind()) {
        case ENCRYPTED -> new Ruling.Passed(FilterVerdict.ENCRYPTED);
        case SECURE_JOIN_REQUEST -> new Ruling.Passed(FilterVerdict.SECURE_JOIN);
        case REPORT ->
            judgement.autoSubmitted() && fromMailerDaemon(judgement)
                ? new Ruling.Passed(FilterVerdict.MAILER_DAEMON)
                : unlessAccepted(recipients);
        case AUTOCRYPT_SETUP, CLEARTEXT -> unlessAccepted(recipients);
      };
    }

    private Ruling unlessAccepted(List<String> recipients) {
      return !recipients.isEmpty() && recipients.stream().allMatch(cleartextRecipients::accepts)
          ? new Ruling.Passed(FilterVerdict.ACCEPTED_CLEARTEXT)
          : CLEARTEXT;
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
    public Optional<Ruling.Refused> refuseAuthor(Judgement judgement, MessageSource message)
        throws IOException {
      return switch (signatures.check(message, judgement.from())) {
        case VALID -> Optional.empty();
        case UNSIGNED ->
            refused(FilterVerdict.REFUSED_UNSIGNED, 554, "5.7.1 No DKIM signature found");
        case INVALID ->
            refused(FilterVerdict.REFUSED_SIGNATURE, 554, "5.7.1 No valid DKIM signature found");
        case UNKNOWN ->
            refused(
                FilterVerdict.PUT_OFF_KEY,
                451,
                "4.7.5 The DKIM key cannot be looked up now, try again later");
      };
    }

    @Override
    public Judgement judge(MessageSource message) throws IOException {
      return judge.judge(message);
    }
  }
}
