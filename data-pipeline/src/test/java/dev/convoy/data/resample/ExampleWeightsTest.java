package dev.convoy.data.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleWeightsTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final List<String> CLASSES = List.of("cat", "dog");

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
    return ExampleWeights.of(file.toString(), listing(), CLASSES, HADOOP);
  }

  @Test
  void balancedWeightsMakeAllClassesAlike() {
    assertThat(ExampleWeights.of(ExampleWeights.BALANCED, listing(), CLASSES, HADOOP))
        .containsExactly(0.5, 0.5, 1);
  }

  @Test
  void namedClassesHaveTheirWeightAndTheOthersOne() throws IOException {
    assertThat(read("weight,class\n3,dog\n9,bird\n")).containsExactly(1, 1, 3);
  }

  @Test
  void weightsInTheLossMultiplyThoseOfTheListingAndHaveTheMeanOne() {
    Listing twice = listing().withWeights(new float[] {2, 0, 1});

    Listing weighted = ExampleWeights.weighted(twice, new double[] {1, 5, 4});

    assertThat(List.of(weighted.weight(0), weighted.weight(1), weighted.weight(2)))
        .containsExactly(1f, 0f, 2f);
    assertThat(ExampleWeights.weighted(listing(), new double[] {3, 3, 3}).fingerprint())
        .as("weights that are alike are none")
        .isEqualTo(listing().fingerprint());
    assertThatThrownBy(() -> ExampleWeights.weighted(twice, new double[] {0, 1, 0}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected one above 0 among the training images, found none");
  }

  @Test
  void namedImagesHaveTheirWeightAndTheOthersOne() throws IOException {
    assertThat(read("path,weight\ncat/1.png,2.5\n" + folder + "/dog/1.png,0\nother.png,7\n"))
        .containsExactly(2.5, 1, 0);
  }

  @Test
  void relativePathsNameImagesThatAreListedByTheirWholePaths() throws IOException {
    Files.writeString(
        folder.resolve("weights.csv"), "path,weight\ncat/1.png,2.5\n" + folder + "/dog/1.png,0\n");
    Path here = Path.of("").toAbsolutePath();
    String relative = here.relativize(folder.toAbsolutePath()) + "/weights.csv";

    assertThat(ExampleWeights.of(relative, listing(), CLASSES, HADOOP)).containsExactly(2.5, 1, 0);
  }

  @Test
  void wholePathsNameImagesThatAreListedByRelativeOnes() throws IOException {
    String here = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath()).toString();
    Listing relative = Listing.ofFiles(new String[] {here + "/cat/1.png"}, new int[1]);
    Path file = Files.writeString(folder.resolve("weights.csv"), "path,weight\ncat/1.png,2.5\n");

    assertThat(ExampleWeights.of(file.toString(), relative, CLASSES, HADOOP)).containsExactly(2.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "path,value\\ncat/1.png,1 | the columns path and weight, or class and weight",
        "path,weight\\ncat/1.png,-1 | a number in [0, 1000000] for the weight in line 2, found -1 for cat/1.png",
        "path,weight\\ncat/2.png,1\\ncat/1.png,1e7 | a number in [0, 1000000] for the weight in line 3, found 1e7 for cat/1.png",
        "path,weight\\ncat/1.png,1\\ncat/2.png,1\\n./cat/1.png,2 | every path once, found ./cat/1.png again in line 4",
        "class,weight\\ncat,1\\ndog,1\\ncat,1 | every class once, found cat again in line 4",
        "path,weight\\ncat/1.png,many | a number in [0, 1000000] for the weight in line 2, found many for cat/1.png",
        "path,weight\\ncat/1.png | two values in line 2, found 1",
        "path,class,weight\\ncat/1.png,cat,1 | the columns path and weight, or class and weight",
        "class,weight\\nbird,1 | names of classes, found none, where the first is cat",
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
            () ->
                ExampleWeights.of(
                    folder.resolve("none.csv").toString(), listing(), CLASSES, HADOOP))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none.csv");
  }
}
