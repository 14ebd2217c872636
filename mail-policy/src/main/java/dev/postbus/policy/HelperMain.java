package dev.postbus.policy;

import dev.postbus.policy.account.Sha512Hashing;
import dev.postbus.policy.helper.HelperSession;
import dev.postbus.policy.net.Listener;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A helper as a process of its own: {@code HelperMain PORT}. */
public final class HelperMain {
  private HelperMain() {}

  /**
   * Serves until the process is asked to end.
   *
   * @param args the port, on all addresses: an inner network's, as nobody is asked who they are
   */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 1 || !args[0].matches("\\d{1,5}")) {
      System.err.println("usage: mail-policy-helper PORT");
      System.exit(2);
    }
    Main.prepareLogging();
    var hashing = new Sha512Hashing();
    try {
      Listener.onAllAddresses(
          Integer.parseInt(args[0]), "helper", c -> HelperSession.serve(c, hashing));
    } catch (IOException e) {
      System.err.println("the helper cannot start: " + e.getMessage());
      System.exit(2);
    }
    System.out.println("mail-policy helper ready");
    new CountDownLatch(1).await();
  }
}
