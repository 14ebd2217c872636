package dev.postbus.config;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the resources answer alike. */
final class Answering {
  static final int UNPROCESSABLE = 422;

  private Answering() {}

  /** Everything that is wrong. */
  record Problems(List<Problem> problems) {}

  /** Something that does what was asked. */
  @FunctionalInterface
  interface Task {
    Object run() throws InvalidConfiguration, VersionConflict;
  }

  /** The answer of a task, with its problems if it has any. */
  static Response of(Task task) {
    try {
      return Response.ok(task.run()).build();
    } catch (InvalidConfiguration e) {
      return refuse(UNPROCESSABLE, e.problems());
    } catch (VersionConflict e) {
      return tagged(
          refuse(
              Response.Status.PRECONDITION_FAILED.getStatusCode(),
              List.of(Problem.inFile(null, String.valueOf(e.getMessage())))),
          e.current());
    } catch (IllegalArgumentException e) {
      return refuse(
          Response.Status.BAD_REQUEST.getStatusCode(),
          List.of(Problem.inFile(null, String.valueOf(e.getMessage()))));
    }
  }

  /**
   * A request's body.
   *
   * @throws IllegalArgumentException if there is none
   */
  static <T> T given(@Nullable T body) {
    if (body == null) {
      throw new IllegalArgumentException("the request needs a body of JSON");
    }
    return body;
  }

  /** With a version's entity tag, see {@link Expectation}. */
  static Response tagged(Response response, Version version) {
    return Response.fromResponse(response).tag(Long.toString(version.number())).build();
  }

  static Response refuse(int status, List<Problem> problems) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE.withCharset(StandardCharsets.UTF_8.name()))
        .entity(new Problems(problems))
        .build();
  }

  static Response notThere(long version) {
    return refuse(
        Response.Status.NOT_FOUND.getStatusCode(),
        List.of(
            Problem.inFile(
                null,
                "there is no version " + version + "; all of them: ./postbus config history")));
  }

  static Response notStarted(NotStarted why) {
    return refuse(
        Response.Status.SERVICE_UNAVAILABLE.getStatusCode(),
        why.problems().stream().map(problem -> Problem.inFile(null, problem)).toList());
  }

  static @Nullable Expectation expectation(@Nullable String ifMatch) {
    return ifMatch == null ? null : Expectation.of(ifMatch).orElse(null);
  }

  /** Who changes something over this interface. */
  static Version.Author author(@Nullable String actor, @Nullable String reason)
      throws InvalidConfiguration {
    var name = actor == null ? "anonymous" : actor;
    if (!name.matches("[A-Za-z0-9._@-]{1,64}")) {
      throw new InvalidConfiguration(
          List.of(Problem.inFile(null, "actor must be 1 to 64 letters, digits or ._@-")));
    }
    if (reason != null
        && (reason.isBlank()
            || reason.length() > 500
            || reason.chars().anyMatch(Character::isISOControl))) {
      throw new InvalidConfiguration(
          List.of(Problem.inFile(null, "reason must be one line of at most 500 characters")));
    }
    return new Version.Author("api:" + name, reason);
  }
}
