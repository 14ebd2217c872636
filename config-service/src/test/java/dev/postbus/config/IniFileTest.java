package dev.postbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IniFileTest {
  @Test
  void readsValuesWithTheirLines() throws InvalidConfiguration {
    var values =
        IniFile.parse(bytes("\uFEFF# note\r\n[params]\r\na = 1\r\n\r\n; old\r\n b=x = y \r\n"));

    assertThat(values)
        .containsEntry("a", new IniFile.Value("1", 3))
        .containsEntry("b", new IniFile.Value("x = y", 6))
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "'a = 1',line 1 stands before the section",
    "'',section [params] is missing",
    "'[params]\n[params]\n',line 2: the only section",
    "'[other]\na = 1',line 1: the only section",
    "'[params]\njust words',line 2 must be: key = value",
    "'[params]\n= 1',line 2 must be: key = value",
    "'[params]\na = 1\na = 2',a on line 3 stands on line 2 already",
  })
  void namesTheLineOfWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> IniFile.parse(bytes(text))).hasMessageContaining(message);
  }

  @Test
  void refusesWhatIsNotText() {
    assertThatThrownBy(() -> IniFile.parse(new byte[] {'[', (byte) 0xff, ']'}))
        .hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> IniFile.parse(new byte[10 << 20]))
        .hasMessageContaining("larger than 1 MiB");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
