package dev.convoy.data.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleWeightsTest {
  private static final Configuration HADOOP = new Configuration(false);

  @TempDir Path folder;

  private Listing listing() {
    return Listing.ofFiles(
        new String[] {
          "file:" + folder + "/cat/1.png", folder + "/cat/2.png", folder + "/dog/1.png"
        },
        new int[] {0, 0, 1});
  }

  private double[] read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("weights.csv"), text);
    return ExampleWeights.read(file.toString(), listing(), HADOOP);
  }

  @Test
  void balancedWeightsMakeAllClassesAlike() {
    assertThat(ExampleWeights.balanced(listing())).containsExactly(0.5, 0.5, 1);
  }

  @Test
  void namedImagesHaveTheirWeightAndTheOthersOne() throws IOException {
    assertThat(read("path,weight\ncat/1.png,2.5\n" + folder + "/dog/1.png,0\nother.png,7\n"))
        .containsExactly(2.5, 1, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "path,value\\ncat/1.png,1 | the columns path and weight",
        "path,weight\\ncat/1.png,-1 | numbers of at least 0, found -1 for cat/1.png",
        "path,weight\\ncat/1.png,many | numbers of at least 0, found many",
        "path,weight\\ncat/1.png | two values in line 2, found 1",
        "path,weight\\nbird.png,1 | paths of training images, found none",
        "path,weight\\ncat/1.png,0\\ncat/2.png,0\\ndog/1.png,0 | a weight above 0, found none"
      })
  void whatCannotBeUsedIsNamed(String text, String expected) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot use weights of images: expected " + expected)
        .hasMessageContaining("weights.csv");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(
            () -> ExampleWeights.read(folder.resolve("none.csv").toString(), listing(), HADOOP))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none.csv");
  }
}
