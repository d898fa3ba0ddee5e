package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.properties.PropertiesConfigurationFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

/** What log4j2.properties lets through. */
class LogConfigurationTest {

  @Test
  void aTaskThatEndsWhileSparkStopsIsNotLoggedAndALostExecutorIs() throws Exception {
    String scheduler = "org.apache.spark.scheduler.TaskSchedulerImpl";
    assertThat(isLogged(scheduler, Level.ERROR, "Exception in statusUpdate")).isFalse();
    assertThat(isLogged(scheduler, Level.ERROR, "Lost executor 1 on 127.0.0.1: worker lost"))
        .isTrue();
    assertThat(isLogged(scheduler, Level.INFO, "Adding task set 0.0 with 2 tasks")).isFalse();
    assertThat(
            isLogged(
                "org.apache.spark.storage.BlockManager", Level.ERROR, "Exception in statusUpdate"))
        .isTrue();
  }

  private static boolean isLogged(String logger, Level level, String message) throws Exception {
    try (LoggerContext context = new LoggerContext("log configuration")) {
      Configuration configuration =
          new PropertiesConfigurationFactory()
              .getConfiguration(
                  context,
                  new ConfigurationSource(
                      LogConfigurationTest.class.getResourceAsStream("/log4j2.properties")));
      context.start(configuration);
      LogEvent event =
          Log4jLogEvent.newBuilder()
              .setLoggerName(logger)
              .setLevel(level)
              .setMessage(new SimpleMessage(message))
              .build();
      var rules = configuration.getLoggerConfig(logger);
      return rules.getLevel().intLevel() >= level.intLevel() && !rules.isFiltered(event);
    }
  }
}
