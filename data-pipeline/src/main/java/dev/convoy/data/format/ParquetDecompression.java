package dev.convoy.data.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.Decompressor;
import org.apache.hadoop.util.ReflectionUtils;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Decompresses pages by the codecs that Parquet has, of which only what they give is taken for
 * granted: Parquet's own way waits for ever where a page holds less than its header says.
 */
final class ParquetDecompression implements CompressionCodecFactory {
  private final Configuration hadoop;
  private final long mostBytes;
  private final Map<CompressionCodecName, Pages> decompressors =
      new EnumMap<>(CompressionCodecName.class);

  /**
   * Opens codecs as they are asked for.
   *
   * @param mostBytes of a page
   */
  ParquetDecompression(Configuration hadoop, long mostBytes) {
    this.hadoop = hadoop;
    this.mostBytes = mostBytes;
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
    return decompressors.computeIfAbsent(name, this::open);
  }

  private Pages open(CompressionCodecName name) {
    String type = name.getHadoopCompressionCodecClassName();
    if (type == null) {
      return new Pages(null);
    }
    try {
      return new Pages(
          (CompressionCodec)
              ReflectionUtils.newInstance(
                  Class.forName(type, true, getClass().getClassLoader()), hadoop));
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalStateException("no library that decompresses " + name, e);
    }
  }

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName name) {
    throw new UnsupportedOperationException("Tables are read alone.");
  }

  @Override
  public void release() {
    decompressors.values().forEach(Pages::release);
    decompressors.clear();
  }

  private final class Pages implements BytesInputDecompressor {
    private final CompressionCodec codec;
    private final Decompressor decompressor;

    /** Pages of a codec; null for those that are not compressed. */
    Pages(CompressionCodec codec) {
      this.codec = codec;
      this.decompressor = codec == null ? null : codec.createDecompressor();
    }

    @Override
    public BytesInput decompress(BytesInput compressed, int bytes) throws IOException {
      if (codec == null) {
        return compressed;
      }
      if (bytes < 0 || bytes > mostBytes) {
        throw new IOException("a page of " + bytes + " bytes");
      }
      if (decompressor != null) {
        decompressor.reset();
      }
      byte[] page = new byte[bytes];
      try (InputStream in = codec.createInputStream(compressed.toInputStream(), decompressor)) {
        int read = 0;
        while (read < bytes) {
          int more = in.read(page, read, bytes - read);
          if (more <= 0) {
            throw new EOFException("a page that is shorter than it says");
          }
          read += more;
        }
      }
      return BytesInput.from(page);
    }

    @Override
    public void decompress(ByteBuffer from, int compressed, ByteBuffer to, int bytes)
        throws IOException {
      to.put(decompress(BytesInput.from(from.slice().limit(compressed)), bytes).toByteArray());
    }

    @Override
    public void release() {
      if (decompressor != null) {
        decompressor.end();
      }
    }
  }
}
