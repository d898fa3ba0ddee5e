package dev.convoy.driver.report;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A report as one page of HTML that needs nothing but itself: the page, its styles and its scripts
 * come from the class path, Apache ECharts is written into it, and so are the data. Driver only;
 * immutable.
 *
 * <p>In a page, a style or a script {@code {{name}}} stands for another resource of that name: of
 * the report's own, or of those that all reports share, which lie beside this class. {@code
 * {{library}}} stands for ECharts, {@code {{data}}} for JSON that is safe within a script element.
 */
public final class ReportPage {
  private static final String LIBRARY_VERSION =
      "/META-INF/maven/org.webjars/echarts/pom.properties";
  private static final String LIBRARY_VERSIONS = "/META-INF/resources/webjars/echarts/";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([\\w.-]+)}}");
  private static final ObjectWriter WRITER =
      new ObjectMapper().writer().with(new MarkupEscapes()).with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private final Class<?> owner;
  private final String template;

  /**
   * The page of a kind of reports.
   *
   * @param owner beside which the report's own resources lie
   * @param template the name of the HTML among them
   */
  public ReportPage(Class<?> owner, String template) {
    this.owner = owner;
    this.template = template;
  }

  /**
   * Writes the page, in UTF-8.
   *
   * @param data what the page's script draws
   * @param out not closed
   * @throws IOException if it cannot be written, or the class path lacks a part
   */
  public void write(JsonNode data, OutputStream out) throws IOException {
    String page = filled(resource(template), WRITER.writeValueAsString(data));
    out.write(page.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private String filled(String text, String data) throws IOException {
    StringBuilder filled = new StringBuilder();
    Matcher placeholder = PLACEHOLDER.matcher(text);
    int from = 0;
    while (placeholder.find()) {
      filled.append(text, from, placeholder.start()).append(part(placeholder.group(1), data));
      from = placeholder.end();
    }
    return filled.append(text, from, text.length()).toString();
  }

  private String part(String name, String data) throws IOException {
    return switch (name) {
      case "data" -> data;
      case "library" -> library();
      default -> filled(resource(name), data);
    };
  }

  private String library() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = open(LIBRARY_VERSION)) {
      properties.load(in);
    }
    return resource(LIBRARY_VERSIONS + properties.getProperty("version") + "/echarts.min.js");
  }

  private String resource(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private InputStream open(String name) throws IOException {
    InputStream own = owner.getResourceAsStream(name);
    InputStream in = own == null ? ReportPage.class.getResourceAsStream(name) : own;
    if (in == null) {
      throw new FileNotFoundException(
          "Cannot write the report: expected "
              + name
              + " on the class path. Is the application's lib directory complete?");
    }
    return in;
  }

  /** Leaves no character that could end a script element or begin another: JSON knows \\u003c. */
  private static final class MarkupEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
      for (char markup : new char[] {'<', '>', '&', '\''}) {
        codes[markup] = CharacterEscapes.ESCAPE_STANDARD;
      }
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
