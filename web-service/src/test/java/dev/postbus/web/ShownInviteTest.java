package dev.postbus.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownInviteTest {
  @ParameterizedTest
  @CsvSource({
    "abc, , '', abc",
    "abc, application/json, '{\"invite\":\"def\"}', abc",
    ", application/json, '{\"invite\":\" def \"}', def",
    ", application/json; charset=utf-8, '{\"invite\":\"def\"}', def",
    ", application/x-www-form-urlencoded, a=b&invite=d%65f&c, def",
    ", , '', ''",
    ", application/json, '', ''",
    ", application/json, '{', ''",
    ", application/json, '[1]', ''",
    ", application/x-www-form-urlencoded, invite=%, ''",
    ", text/plain, invite=abc, ''",
  })
  void isFoundWhereverItIsShown(String query, String type, String body, String found) {
    assertThat(ShownInvite.in(query, type, body)).isEqualTo(found);
  }
}
