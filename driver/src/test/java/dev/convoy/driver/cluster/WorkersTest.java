package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void aNetworkThatCannotBeComputedIsToBlame() throws Exception {
    assertThat(Workers.compute(() -> 3).next()).isEqualTo(3);
    assertThatThrownBy(
            () ->
                Workers.compute(
                    () -> {
                      throw new OutOfMemoryError("Cannot allocate new FloatPointer(9)");
                    }))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "Cannot compute the network: an executor is out of memory: Cannot allocate new"
                + " FloatPointer(9)");
    assertThatThrownBy(
            () ->
                Workers.compute(
                    () -> {
                      throw new IllegalStateException("op failed");
                    }))
        .isInstanceOf(NetworkException.class)
        .hasMessage("Cannot compute the network: java.lang.IllegalStateException: op failed");
  }

  @Test
  void imagesAndDisksAreNotTheNetworksFault() {
    assertThatThrownBy(
            () ->
                Workers.compute(
                    () -> {
                      throw new DataException("gone");
                    }))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(
            () ->
                Workers.compute(
                    () -> {
                      throw new UncheckedIOException(new IOException("full"));
                    }))
        .isInstanceOf(UncheckedIOException.class);
  }
}
