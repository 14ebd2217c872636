package dev.postbus.policy.helper;

import dev.postbus.policy.account.Sha512Hashing;
import dev.postbus.policy.dkim.SignatureCheck;
import dev.postbus.policy.dkim.TxtLookup;
import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.message.Judgement;
import dev.postbus.policy.message.MessageJudge;
import dev.postbus.policy.message.MessageSource;
import java.io.IOException;
import java.util.List;

/** Work that this process does itself. */
public final class OwnWork implements Work {
  private final SignatureCheck signatures;
  private final Sha512Hashing hashing = new Sha512Hashing();

  /** Work with keys of signatures from {@code keys}. */
  public OwnWork(TxtLookup keys) {
    this.signatures = new SignatureCheck(keys);
  }

  @Override
  public Judgement judge(MessageSource message, boolean outgoing) throws IOException {
    try (var in = message.open()) {
      return MessageJudge.judge(in, outgoing);
    }
  }

  @Override
  public Verdict check(MessageSource message, List<String> authors) throws IOException {
    try (var in = message.open()) {
      return signatures.check(in, authors);
    }
  }

  @Override
  public String hash(String password) {
    return hashing.hash(password);
  }
}
