package dev.postbus.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A consumer of which there may be several, and which ones there are. */
interface Replicas {
  /** No consumer has replicas. */
  Replicas NONE =
      new Replicas() {
        @Override
        public @Nullable String service() {
          return null;
        }

        @Override
        public Set<Replica> now() {
          return Set.of();
        }
      };

  /**
   * One of them.
   *
   * @param name what it is called in events; its address, if it does not answer
   * @param version what is in force there; null if nothing is, or that is not known
   */
  record Replica(String name, @Nullable Long version) {
    /** Whether a version, or a later one, is in force there. */
    boolean has(long number) {
      return version != null && version >= number;
    }
  }

  /** The consumer; null for none. */
  @Nullable String service();

  /** Those that there are at this moment; if there is none, the consumer's name stands for it. */
  Set<Replica> now();
}
