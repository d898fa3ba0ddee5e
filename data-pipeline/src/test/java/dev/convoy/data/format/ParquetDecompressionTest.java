package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetDecompressionTest {
  /** Of Brotli there is no codec here; Hadoop has one for LZ4, but not what it is written with. */
  @ParameterizedTest
  @EnumSource(
      value = CompressionCodecName.class,
      names = {"BROTLI", "LZ4"})
  void aMissingLibraryIsNamedByWhatItDecompresses(CompressionCodecName codec) {
    ParquetDecompression tables = new ParquetDecompression(new Configuration(false), 1 << 20);

    assertThatThrownBy(() -> tables.getDecompressor(codec))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no library that decompresses " + codec);
  }
}
