package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.postbus.audit.Removal;
import dev.postbus.events.KeyChange;
import dev.postbus.events.RelayActivity.DaemonAction;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The description, which is written by hand, says what the resources do. */
class OpenApiTest {
  private static JsonNode description;

  @BeforeAll
  static void read() throws IOException {
    try (var in = OpenApiTest.class.getResourceAsStream("/config/openapi.yaml")) {
      description = new YAMLMapper().readTree(in);
    }
  }

  @Test
  void itNamesEveryMethodWithItsParametersAndNoOther() {
    var described = new TreeMap<String, Set<String>>();
    description
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            described.put(
                                method.getKey() + " " + path.getKey(),
                                parameters(method.getValue()))));
    var there = new TreeMap<String, Set<String>>();
    Stream.of(ConfigResource.class, VersionResource.class, LogResource.class)
        .flatMap(resource -> Arrays.stream(resource.getDeclaredMethods()))
        .forEach(method -> add(method, there));

    assertThat(described).isEqualTo(there);
  }

  private static Set<String> parameters(JsonNode method) {
    var names = new TreeSet<String>();
    for (var parameter : method.path("parameters")) {
      var reference = parameter.path("$ref").asText();
      var actual = reference.isEmpty() ? parameter : description.at(reference.substring(1));
      names.add(actual.path("name").asText());
    }
    return names;
  }

  private static void add(Method method, Map<String, Set<String>> there) {
    for (var annotation : method.getAnnotations()) {
      var verb = annotation.annotationType().getAnnotation(HttpMethod.class);
      if (verb != null) {
        var names = new TreeSet<String>();
        for (var parameter : method.getParameters()) {
          var path = parameter.getAnnotation(PathParam.class);
          var query = parameter.getAnnotation(QueryParam.class);
          var header = parameter.getAnnotation(jakarta.ws.rs.HeaderParam.class);
          Stream.of(
                  path == null ? "" : path.value(),
                  query == null ? "" : query.value(),
                  header == null ? "" : header.value())
              .filter(name -> !name.isEmpty())
              .forEach(names::add);
        }
        var resource = method.getDeclaringClass().getAnnotation(Path.class);
        var own = method.getAnnotation(Path.class);
        there.put(
            verb.value().toLowerCase(Locale.ROOT)
                + " "
                + resource.value()
                + (own == null ? "" : own.value()),
            names);
      }
    }
  }

  static List<Class<?>> shapes() {
    return List.of(
        ChangeRequest.class,
        VersionResource.RollbackRequest.class,
        ConfigResource.Changed.class,
        ConfigResource.Proposal.class,
        ConfigResource.View.class,
        ConfigResource.Status.class,
        LayeredValue.class,
        LayeredValue.Hidden.class,
        KeyChange.class,
        VersionResource.Summary.class,
        VersionResource.Difference.class,
        VersionResource.Answers.class,
        Answer.class,
        DaemonAction.class,
        LogResource.PruneRequest.class,
        Removal.class,
        Answering.Problems.class,
        Problem.class);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void itNamesEveryFieldAndNoOther(Class<?> shape) {
    var described = description.at("/components/schemas/" + shape.getSimpleName() + "/properties");

    assertThat(described.properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyElementsOf(
            Arrays.stream(shape.getRecordComponents()).map(RecordComponent::getName).toList());
  }

  @Test
  void itDescribesNoOtherShapes() {
    assertThat(description.at("/components/schemas").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrderElementsOf(shapes().stream().map(Class::getSimpleName).toList());
  }
}
