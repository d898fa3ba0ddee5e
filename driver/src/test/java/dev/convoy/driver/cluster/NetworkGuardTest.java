package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class NetworkGuardTest {
  @Test
  void aNetworkThatCannotBeComputedIsToBlame() throws Exception {
    assertThat(NetworkGuard.compute(() -> 3)).isEqualTo(3);
    assertThatThrownBy(
            () ->
                NetworkGuard.compute(
                    () -> {
                      throw new OutOfMemoryError("Cannot allocate new FloatPointer(9)");
                    }))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "Cannot compute the network: an executor is out of memory: Cannot allocate new"
                + " FloatPointer(9)");
    assertThatThrownBy(
            () ->
                NetworkGuard.compute(
                    () -> {
                      throw new IllegalStateException("op failed");
                    }))
        .isInstanceOf(NetworkException.class)
        .hasMessage("Cannot compute the network: java.lang.IllegalStateException: op failed");
  }

  @Test
  void imagesDisksAndOtherExecutorsAreNotTheNetworksFault() {
    assertThatThrownBy(
            () ->
                NetworkGuard.compute(
                    () -> {
                      throw new UnsuitableClusterException("%s", "mixed");
                    }))
        .isInstanceOf(UnsuitableClusterException.class);
    assertThatThrownBy(
            () ->
                NetworkGuard.compute(
                    () -> {
                      throw new DataException("gone");
                    }))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(
            () ->
                NetworkGuard.compute(
                    () -> {
                      throw new UncheckedIOException(new IOException("full"));
                    }))
        .isInstanceOf(UncheckedIOException.class);
  }
}
