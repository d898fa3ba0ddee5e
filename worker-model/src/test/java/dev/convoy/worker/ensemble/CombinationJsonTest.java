package dev.convoy.worker.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CombinationJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<CombinationSettings> settings() {
    return List.of(
        CombinationSettings.of(1, 1, new SoftVote()),
        CombinationSettings.of(1, 2, new SoftVote()),
        new CombinationSettings(1000, 1_000_000, new GeometricMean(), 1 / 3.0),
        CombinationSettings.of(3, 10, new HardVote()),
        new CombinationSettings(3, 2, new WeightedVote(List.of(0.1, Math.PI, 1e-300)), 1.7),
        new CombinationSettings(
            1, 2, new StackedVote(new double[] {1 / 3.0, -1e300, 0, 4}, new double[] {-1, 1}), 2));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aRoundTripKeepsEveryBit(CombinationSettings settings) {
    String text = CombinationJson.toNode(settings).toString();
    CombinationSettings read = read(text);
    assertThat(read).isEqualTo(settings);
    assertThat(CombinationJson.toNode(read)).hasToString(text);
  }

  @Test
  void theFormIsPlain() {
    assertThat(
            CombinationJson.toNode(
                new CombinationSettings(2, 10, new WeightedVote(List.of(1.0, 3.0)), 1.5)))
        .hasToString(
            """
            {"rule":"weighted","members":2,"classes":10,"temperature":1.5,"weights":[1.0,3.0]}"""
                .strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|an object, found ARRAY.",
        "{'members':1,'classes':2,'temperature':1}|rule, found none.",
        "{'rule':'best','members':1,'classes':2,'temperature':1}"
            + "|a rule, one of geometric, hard, soft, stacked, weighted, found best.",
        "{'rule':'soft','classes':2,'temperature':1}|members, found none.",
        "{'rule':'soft','members':1,'temperature':1}|classes, found none.",
        "{'rule':'soft','members':1,'classes':2}|temperature, found none.",
        "{'rule':'soft','members':1.5,'classes':2,'temperature':1}"
            + "|a whole number of members, found 1.5.",
        "{'rule':'soft','members':'1','classes':2,'temperature':1}"
            + "|a whole number of members, found \"1\".",
        "{'rule':'soft','members':1,'classes':4294967298,'temperature':1}"
            + "|a whole number of classes, found 4294967298.",
        "{'rule':'soft','members':1,'classes':2,'temperature':null}|a finite number, found null.",
        "{'rule':'soft','members':1,'classes':2,'temperature':1e999}|a finite number, found ",
        "{'rule':'soft','members':1,'classes':2,'temperature':1,'weights':[1]}"
            + "|nothing else for the rule soft, found weights.",
        "{'rule':'weighted','members':1,'classes':2,'temperature':1}|weights, found none.",
        "{'rule':'weighted','members':1,'classes':2,'temperature':1,'weights':1}"
            + "|a list of 1 weights, found NUMBER.",
        "{'rule':'weighted','members':1,'classes':2,'temperature':1,'weights':[1,2]}"
            + "|a list of 1 weights, found 2.",
        "{'rule':'weighted','members':1,'classes':2,'temperature':1,'weights':['1']}"
            + "|a finite number, found \"1\".",
        "{'rule':'stacked','members':1,'classes':2,'temperature':1,'coefficients':[1,2,3],"
            + "'intercepts':[1,2]}|a list of 4 coefficients, found 3.",
        "{'rule':'stacked','members':1,'classes':2,'temperature':1,'coefficients':[1,2,3,4],"
            + "'intercepts':[1]}|a list of 2 intercepts, found 1.",
        "{'rule':'stacked','members':1000,'classes':1000000,'temperature':1,'coefficients':[1],"
            + "'intercepts':[1]}|a list of 1,000,000,000,000,000 coefficients, found 1.",
      })
  void whatIsNotSuchAnObjectIsRefused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read a combination: expected " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'rule':'soft','members':0,'classes':2,'temperature':1}|1 to 1,000 members, found 0.",
        "{'rule':'soft','members':1,'classes':1000001,'temperature':1}"
            + "|1 to 1,000,000 classes, found 1000001.",
        "{'rule':'soft','members':1,'classes':2,'temperature':0}"
            + "|a finite temperature above 0, found 0.0.",
        "{'rule':'hard','members':1,'classes':2,'temperature':2}"
            + "|a temperature of 1 for a hard vote, found 2.0.",
        "{'rule':'weighted','members':1,'classes':2,'temperature':1,'weights':[-1]}"
            + "|weights of 0 or more, found -1.0.",
      })
  void numbersOutOfTheirRangesAreRefused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot combine members")
        .hasMessageEndingWith("expected " + message);
  }

  @Test
  void messagesQuoteLittle() {
    String rule = "x".repeat(1000);
    assertThatThrownBy(() -> read("{'rule':'" + rule + "'}"))
        .hasMessageEndingWith("found " + "x".repeat(100) + ".");
  }

  private static CombinationSettings read(String text) {
    try {
      return CombinationJson.fromNode(JSON.readTree(text.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
