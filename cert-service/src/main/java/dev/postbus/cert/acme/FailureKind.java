package dev.postbus.cert.acme;

/** What kept a certificate from being issued. */
enum FailureKind {
  /** The authority does not answer. */
  UNREACHABLE("unreachable"),
  /** The authority answers with an error of its own. */
  SERVER_ERROR("server-error"),
  /** The authority takes none of its own nonces (RFC 8555, section 6.5). */
  BAD_NONCE("bad-nonce"),
  /** The authority wants fewer requests. */
  RATE_LIMITED("rate-limited"),
  /** The account is refused. */
  ACCOUNT("account"),
  /** The order is refused. */
  ORDER_REJECTED("order-rejected"),
  /** The authority does not find what proves that a name is ours. */
  CHALLENGE_REJECTED("challenge-rejected"),
  /** What proves that a name is ours could not be put into its place. */
  CHALLENGE_SETUP("challenge-setup"),
  /** What was issued is not what was ordered. */
  WRONG_CERTIFICATE("wrong-certificate"),
  /** The relay is not reached by its own names: an order would fail. */
  PRE_CHECK("pre-check"),
  /** A CAA record does not let this authority issue (RFC 8659). */
  CAA("caa"),
  /** More orders would go beyond what authorities allow. */
  BUDGET("budget");

  private final String label;

  FailureKind(String label) {
    this.label = label;
  }

  /** As events name it. */
  String label() {
    return label;
  }

  /** Whether it may be otherwise with another authority. */
  boolean anotherMayDo() {
    return switch (this) {
      case PRE_CHECK, CHALLENGE_SETUP -> false;
      case UNREACHABLE,
          SERVER_ERROR,
          BAD_NONCE,
          RATE_LIMITED,
          ACCOUNT,
          ORDER_REJECTED,
          CHALLENGE_REJECTED,
          WRONG_CERTIFICATE,
          CAA,
          BUDGET ->
          true;
    };
  }

  /** Whether an order that was begun can go on after it. */
  boolean orderGoesOn() {
    return switch (this) {
      case UNREACHABLE, SERVER_ERROR, BAD_NONCE, RATE_LIMITED, CHALLENGE_SETUP -> true;
      case ACCOUNT, ORDER_REJECTED, CHALLENGE_REJECTED, WRONG_CERTIFICATE, PRE_CHECK, CAA, BUDGET ->
          false;
    };
  }
}
