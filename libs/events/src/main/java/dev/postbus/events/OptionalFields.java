package dev.postbus.events;

import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import org.jspecify.annotations.Nullable;

/**
 * A record's components must be there when it is read, but for those that may be null: records that
 * an older program wrote do not have what was added since.
 */
final class OptionalFields extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
    if (member instanceof AnnotatedParameter parameter
        && parameter.getDeclaringClass().isRecord()) {
      return !parameter
          .getDeclaringClass()
          .getRecordComponents()[parameter.getIndex()]
          .getAnnotatedType()
          .isAnnotationPresent(Nullable.class);
    }
    return null;
  }
}
