package dev.postbus.policy.helper;

import dev.postbus.policy.account.PasswordHashing;
import dev.postbus.policy.dkim.Verdict;
import dev.postbus.policy.message.Judgement;
import dev.postbus.policy.message.MessageSource;
import java.io.IOException;
import java.util.List;

/** What takes a processor's time, and comes to the same wherever and however often it is done. */
public interface Work extends PasswordHashing {
  /**
   * Says what a message is.
   *
   * @param outgoing whether it is of an own user, for whom the rules are stricter
   */
  Judgement judge(MessageSource message, boolean outgoing) throws IOException;

  /**
   * Says what its signatures are worth.
   *
   * @param authors the addresses in its From header
   */
  Verdict check(MessageSource message, List<String> authors) throws IOException;
}
