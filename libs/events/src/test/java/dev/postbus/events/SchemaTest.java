package dev.postbus.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The published JSON Schemas are those of the records. Run with {@code -Dschemas.write=true} to
 * write them anew.
 */
class SchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("../../docs/events");

  static List<Class<? extends RelayEvent>> kinds() {
    return EventTypes.all();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void thePublishedSchemaIsThatOfTheRecord(Class<? extends RelayEvent> kind) throws IOException {
    var file = FOLDER.resolve(EventTypes.shortName(EventTypes.nameOf(kind)) + ".schema.json");
    var schema = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schemaOf(kind)) + "\n";
    if (Boolean.getBoolean("schemas.write")) {
      Files.writeString(file, schema);
    }
    assertThat(file).content().isEqualTo(schema);
  }

  @Test
  void everySampleIsValid() {
    assertThat(Samples.all()).hasSameSizeAs(kinds());
    for (var sample : Samples.all()) {
      var schema =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
              .getSchema(schemaOf(sample.getClass()));
      assertThat(schema.validate(EventCodec.JSON.valueToTree(sample))).as(sample.type()).isEmpty();
    }
  }

  private static ObjectNode schemaOf(Class<?> kind) {
    var schema = JSON.createObjectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$id", "urn:postbus:" + EventTypes.nameOf(kind));
    schema.setAll(objectOf(kind));
    return schema;
  }

  private static ObjectNode objectOf(Class<?> kind) {
    var object = JSON.createObjectNode().put("type", "object");
    var properties = object.putObject("properties");
    var required = object.putArray("required");
    for (var component : kind.getRecordComponents()) {
      properties.set(component.getName(), typeOf(component.getAnnotatedType()));
      // What may be null may be missing in records of older programs.
      if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        required.add(component.getName());
      }
    }
    return object;
  }

  private static ObjectNode typeOf(AnnotatedType annotated) {
    Type type = annotated.getType();
    var schema = JSON.createObjectNode();
    if (type == String.class || type == Instant.class) {
      kind(schema, "string", annotated);
      if (type == Instant.class) {
        schema.put("format", "date-time");
      }
    } else if (type == long.class || type == int.class || type == Long.class) {
      kind(schema, "integer", annotated);
    } else if (type == boolean.class) {
      kind(schema, "boolean", annotated);
    } else if (type instanceof Class<?> c && c.isEnum()) {
      var values = schema.putArray("enum");
      for (var constant : c.getEnumConstants()) {
        values.add(EventCodec.JSON.valueToTree(constant).asText());
      }
    } else if (type instanceof ParameterizedType p && p.getRawType() == List.class) {
      schema.put("type", "array");
      schema.set(
          "items",
          typeOf(((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[0]));
    } else if (type instanceof ParameterizedType p
        && p.getRawType() instanceof Class<?> raw
        && Map.class.isAssignableFrom(raw)) {
      kind(schema, "object", annotated);
      schema.set(
          "additionalProperties",
          typeOf(((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[1]));
    } else {
      var object = objectOf((Class<?>) type);
      kind(object, "object", annotated);
      return object;
    }
    return schema;
  }

  private static void kind(ObjectNode schema, String name, AnnotatedType annotated) {
    if (annotated.isAnnotationPresent(Nullable.class)) {
      schema.putArray("type").add(name).add("null");
    } else {
      schema.put("type", name);
    }
  }
}
