package dev.convoy.driver.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
  @Test
  void aLineSaysFigureExpectationAndWhatToDo() {
    assertThat(Verdict.of(false, "loss 9.1", "2.3", "normalise").line("initial-loss"))
        .isEqualTo("found    initial-loss     loss 9.1 (expected 2.3) -> normalise");
    assertThat(Verdict.of(true, "loss 2.4", "2.3", "normalise").line("initial-loss"))
        .isEqualTo("ok       initial-loss     loss 2.4 (expected 2.3)");
    assertThat(Verdict.unclear("1000 classes", "any").line("labels"))
        .isEqualTo("unclear  labels           1000 classes (expected any)");
  }

  @Test
  void everyCheckHasANameOfItsOwnAMeaningAndASource() {
    List<String> names = Checks.ALL.stream().map(Check::name).toList();
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z]+(-[a-z]+)*"));
    assertThat(Checks.ALL)
        .allSatisfy(
            check -> {
              assertThat(check.meaning()).hasSizeGreaterThan(40);
              assertThat(check.source()).isNotBlank();
            });
  }
}
