package dev.postbus.dns.check;

import dev.postbus.dns.wanted.WantedRecord;
import dev.postbus.dns.wanted.WantedRecord.Need;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What the name servers of a zone say.
 *
 * @param zone its name, with a dot at the end
 * @param servers those that the zone above names
 * @param records all that are wanted, in their order
 */
public record Report(String zone, List<Server> servers, List<Outcome> records) {
  /** Copies the lists. */
  public Report {
    servers = List.copyOf(servers);
    records = List.copyOf(records);
  }

  /**
   * A name server.
   *
   * @param name its name
   * @param address which of its addresses was asked; empty if none answered
   * @param problem why it cannot be asked about the zone
   */
  public record Server(String name, Optional<String> address, Optional<String> problem) {}

  /**
   * A wanted record and what each server that answered has.
   *
   * @param answers none if no server answered
   */
  public record Outcome(WantedRecord wanted, List<Answer> answers) {
    /** Copies the answers. */
    public Outcome {
      answers = List.copyOf(answers);
    }

    /** The worst that any server's answer means. */
    public State state() {
      return answers.stream().map(Answer::state).max(State::compareTo).orElse(State.UNKNOWN);
    }

    /** Whether the servers have different records. */
    public boolean differs() {
      return new HashSet<>(answers.stream().map(Answer::found).toList()).size() > 1;
    }
  }

  /** What an answer means, from good to bad. */
  public enum State {
    /** It means what is wanted. */
    OK,
    /** There is something else. */
    WRONG,
    /** There is nothing. */
    MISSING,
    /** Nobody has said. */
    UNKNOWN
  }

  /**
   * A server's answer.
   *
   * @param server its name
   * @param found the records' values, as far as they are about the matter
   * @param problem what is wrong with them
   */
  public record Answer(String server, List<String> found, State state, Optional<String> problem) {
    /** Copies the values. */
    public Answer {
      found = List.copyOf(found);
    }
  }

  /** Records of one kind that are not as wanted. */
  public List<Outcome> lacking(Need need) {
    return records.stream()
        .filter(outcome -> outcome.wanted().need() == need && outcome.state() != State.OK)
        .toList();
  }

  /** Whether a server answers, and all that do have every required record. */
  public boolean works() {
    return lacking(Need.REQUIRED).isEmpty();
  }
}
