package dev.convoy.data.image;

import javax.imageio.stream.ImageInputStreamImpl;

/** A file in memory, as image readers take it; unlike the JDK's own, without a copy. */
final class ByteArrayImageInputStream extends ImageInputStreamImpl {
  private final byte[] file;

  /** A file, which is not copied. */
  ByteArrayImageInputStream(byte[] file) {
    this.file = file;
  }

  @Override
  public int read() {
    bitOffset = 0;
    return streamPos < file.length ? file[(int) streamPos++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= file.length) {
      return -1;
    }
    int read = (int) Math.min(length, file.length - streamPos);
    System.arraycopy(file, (int) streamPos, into, offset, read);
    streamPos += read;
    return read;
  }

  @Override
  public long length() {
    return file.length;
  }

  /** Nothing to release. An inherited finalizer would cost more than reading a small picture. */
  @Override
  @SuppressWarnings({"deprecation", "Finalize"})
  protected void finalize() {}
}
