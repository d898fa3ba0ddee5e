package dev.convoy.driver.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.ensemble.PredictionFile.Format;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberFileTest {
  private final StringWriter out = new StringWriter();

  @Test
  void aLineOfCsvHasTheNumbersAndOneOfAnUnreadableImageItsReason() {
    NumberFile file = new NumberFile(List.of("age", "height"), Format.CSV, out);
    file.accept("a, b.png", new float[] {9, 31.5f, 1.75f}, 1);
    file.reject("broken.png", "the file is empty");
    assertThat(out)
        .hasToString(
            "path,error,age,height\n\"a, b.png\",,31.5,1.75\nbroken.png,the file is empty,,\n");
    assertThat(file.predicted()).isEqualTo(1);
    assertThat(file.rejected()).isEqualTo(1);
  }

  @Test
  void aLineOfJsonNamesTheNumbers() {
    NumberFile file = new NumberFile(List.of("age"), Format.JSONL, out);
    file.accept("a.png", new float[] {31.5f}, 0);
    file.reject("b.png", "gone");
    assertThat(out)
        .hasToString(
            "{\"path\":\"a.png\",\"numbers\":{\"age\":31.5}}\n"
                + "{\"path\":\"b.png\",\"error\":\"gone\"}\n");
  }
}
