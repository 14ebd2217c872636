package dev.postbus.certificates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A chain and its key as openssl makes them. */
record MadePair(List<X509Certificate> chain, PrivateKey key) {
  private static final String[] EC = {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"};

  static MadePair ec(Path folder, String alternatives) throws Exception {
    return selfSigned(folder, alternatives, EC);
  }

  static MadePair selfSigned(Path folder, String alternatives, String... keyOptions)
      throws Exception {
    var command = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "30"));
    command.addAll(List.of(keyOptions));
    command.addAll(List.of("-subj", "/CN=test", "-addext", "subjectAltName=" + alternatives));
    command.addAll(List.of("-keyout", "key.pem", "-out", "cert.pem"));
    openssl(folder, command.toArray(String[]::new));
    return read(folder, "cert.pem");
  }

  /** A leaf and the authority that signed it. */
  static MadePair withAuthority(Path folder, String alternatives) throws Exception {
    ec(folder, "DNS:authority.example");
    Files.move(folder.resolve("cert.pem"), folder.resolve("ca.pem"));
    Files.move(folder.resolve("key.pem"), folder.resolve("ca-key.pem"));
    var request = new ArrayList<>(List.of("req", "-nodes"));
    request.addAll(List.of(EC));
    request.addAll(List.of("-subj", "/CN=leaf", "-keyout", "key.pem", "-out", "request.pem"));
    openssl(folder, request.toArray(String[]::new));
    Files.writeString(folder.resolve("extensions"), "subjectAltName=" + alternatives + "\n");
    openssl(
        folder,
        "x509",
        "-req",
        "-in",
        "request.pem",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca-key.pem",
        "-days",
        "30",
        "-extfile",
        "extensions",
        "-out",
        "leaf.pem");
    Files.writeString(
        folder.resolve("chain.pem"),
        Files.readString(folder.resolve("leaf.pem")) + Files.readString(folder.resolve("ca.pem")));
    return read(folder, "chain.pem");
  }

  static MadePair read(Path folder, String chainFile) throws Exception {
    var chain = Pem.certificates(Files.readString(folder.resolve(chainFile)));
    return new MadePair(chain, key(folder.resolve("key.pem"), chain.getFirst()));
  }

  private static PrivateKey key(Path file, X509Certificate leaf)
      throws IOException, GeneralSecurityException {
    var body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
    return KeyFactory.getInstance(leaf.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
  }

  private static void openssl(Path folder, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    var said = folder.resolve("said");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + Files.readString(said));
    }
  }
}
