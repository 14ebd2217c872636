package dev.postbus.web.console;

import dev.postbus.web.Html;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Expression;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.ResultMapper;
import io.quarkus.qute.TemplateLocator;
import io.quarkus.qute.TemplateNode.Origin;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The console's templates. Every value is escaped, and there is no way around that. */
final class Pages {
  private final Engine engine =
      Engine.builder()
          .addDefaults()
          .addValueResolver(new ReflectionValueResolver())
          .addLocator(Pages::located)
          .addResultMapper(new Escaping())
          .strictRendering(true)
          .build();

  private static final class Escaping implements ResultMapper {
    @Override
    public int getPriority() {
      return 100;
    }

    @Override
    public boolean appliesTo(Origin origin, Object result) {
      return true;
    }

    @Override
    public String map(Object result, Expression expression) {
      return Html.escape(result.toString());
    }
  }

  /** A page of a template's name. */
  String render(String name, Map<String, Object> data) {
    return engine.getTemplate(name).data(data).render();
  }

  private static Optional<TemplateLocator.TemplateLocation> located(String name) {
    return file(name + ".html")
        .map(
            bytes ->
                new TemplateLocator.TemplateLocation() {
                  @Override
                  public Reader read() {
                    return new StringReader(new String(bytes, StandardCharsets.UTF_8));
                  }

                  @Override
                  public Optional<Variant> getVariant() {
                    return Optional.empty();
                  }
                });
  }

  /** A file that is served as it is; empty if there is none. */
  static Optional<byte[]> file(String name) {
    try (var in = Pages.class.getResourceAsStream("/console/" + name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
