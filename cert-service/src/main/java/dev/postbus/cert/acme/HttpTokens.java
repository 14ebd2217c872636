package dev.postbus.cert.acme;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;

/**
 * What is answered below {@code /.well-known/acme-challenge/} (RFC 8555, section 8.3). It is held
 * in memory alone: an order that goes on after a restart presents its tokens anew.
 */
public final class HttpTokens implements Challenges {
  /** The path that nginx passes on to this service. */
  public static final String PATH = "/.well-known/acme-challenge/";

  private final Map<String, String> answers = new ConcurrentHashMap<>();

  /** What is answered to a token, if it is one of ours. */
  public Optional<String> answer(String token) {
    return Optional.ofNullable(answers.get(token));
  }

  void put(String token, String answer) {
    answers.put(token, answer);
  }

  void remove(String token) {
    answers.remove(token);
  }

  @Override
  public String type() {
    return Http01Challenge.TYPE;
  }

  @Override
  public void present(Identifier name, Challenge challenge) {
    var http = (Http01Challenge) challenge;
    put(http.getToken(), http.getAuthorization());
  }

  @Override
  public void withdraw(Identifier name, Challenge challenge) {
    remove(((Http01Challenge) challenge).getToken());
  }
}
