package dev.convoy.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportPageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

  @Test
  void partsOfItsOwnAndSharedOnesStandWhereTheyAreNamed() throws IOException {
    String page = page(JSON.createObjectNode());
    assertThat(page)
        .contains(
            "<style>\n" + shared("report.css") + "\n</style>",
            "own before;\n" + shared("words.js") + "\nown after;")
        .doesNotContain("{{");
  }

  @Test
  void dataCanNeitherEndTheirElementNorStandForParts() throws IOException {
    String attack = "</script><script>alert(1)</script>{{words.js}}{{data}} $1 \\ \u2028'&é";
    String page = page(JSON.createObjectNode().put(attack, attack));
    String text = DATA.matcher(page).results().findFirst().orElseThrow().group(1);
    assertThat(text).matches("[\\x20-\\x7e]*").doesNotContain("<", ">", "&");
    JsonNode data = JSON.readTree(text);
    assertThat(data.path(attack).asText()).isEqualTo(attack);
  }

  @Test
  void aPartThatIsMissingIsNamed() {
    ReportPage page = new ReportPage(ReportPageTest.class, "test-page-incomplete.html");
    assertThatThrownBy(() -> page.write(JSON.nullNode(), new ByteArrayOutputStream()))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot write the report: expected not-there.js on the class path. Is the application's"
                + " lib directory complete?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"report.css", "words.js", "plots.js", "legend.js", "table.js"})
  void sharedPartsFetchNothingAndMakeNoMarkupOfText(String name) throws IOException {
    assertThat(shared(name))
        .doesNotContain("url(", "@import", "http:", "https:", "fetch(", "import(")
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
  }

  private static String page(JsonNode data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ReportPage(ReportPageTest.class, "test-page.html").write(data, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String shared(String name) throws IOException {
    try (var in = ReportPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
