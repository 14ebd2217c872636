package dev.postbus.certificates;

import java.nio.file.Path;
import java.util.ArrayList;

/** Writes, switches and prunes until it is killed. */
final class RestlessWriter {
  private RestlessWriter() {}

  public static void main(String[] arguments) throws Exception {
    var store = new CertificateStore(Path.of(arguments[0]));
    var pairs = new ArrayList<MadePair>();
    for (int i = 0; i < 8; i++) {
      pairs.add(MadePair.read(Path.of(arguments[1], "" + i), "cert.pem"));
    }
    store.prepare();
    for (long turn = 0; ; turn++) {
      var pair = pairs.get((int) (turn % pairs.size()));
      store.switchLive(store.write(pair.chain(), pair.key()));
      if (turn == 0) {
        System.out.write('.');
        System.out.flush();
      }
    }
  }
}
