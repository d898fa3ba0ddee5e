package dev.convoy.worker.cuda.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryVersionTest {
  @ParameterizedTest
  @CsvSource({
    "cuda, 11040, 11.4",
    "cuda, 12080, 12.8",
    "cuda, 0, 0.0",
    "dnn, 8600, 8.6",
    "dnn, 8907, 8.9.7",
    "dnn, 90100, 9.1",
    "dnn, 91002, 9.10.2"
  })
  void eachLibraryCountsInItsOwnWay(String library, long number, String expected) {
    LibraryVersion version =
        library.equals("cuda") ? LibraryVersion.ofCuda(number) : LibraryVersion.ofDnn(number);
    assertThat(version).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({"12, 4, true", "12, 3, true", "11, 9, true", "12, 5, false", "13, 0, false"})
  void versionsHaveAnOrder(int major, int minor, boolean expected) {
    assertThat(new LibraryVersion(12, 4, 1).isAtLeast(major, minor)).isEqualTo(expected);
  }
}
