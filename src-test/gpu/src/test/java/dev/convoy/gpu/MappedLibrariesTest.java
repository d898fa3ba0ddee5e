package dev.convoy.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MappedLibrariesTest {
  @Test
  void librariesOfTheCardAreNamedOnce() {
    String maps =
        """
        7f00-7f01 r-xp 00000000 08:01 12 /site/nvidia/cudnn/lib/libcudnn_ops.so.9
        7f01-7f02 rw-p 00000000 08:01 12 /site/nvidia/cudnn/lib/libcudnn_ops.so.9
        7f03-7f04 r-xp 00000000 08:01 13 /usr/lib/libcuda.so.580.159.04
        7f05-7f06 r-xp 00000000 08:01 14 /usr/lib/libc.so.6
        7f07-7f08 rw-p 00000000 00:00 0
        """;
    assertThat(MappedLibraries.paths(maps))
        .containsExactly(
            "/site/nvidia/cudnn/lib/libcudnn_ops.so.9", "/usr/lib/libcuda.so.580.159.04");
  }
}
