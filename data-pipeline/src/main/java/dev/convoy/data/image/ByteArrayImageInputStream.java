package dev.convoy.data.image;

import javax.imageio.stream.ImageInputStreamImpl;

/** A file in memory, as image readers take it; unlike the JDK's own, without a copy. */
final class ByteArrayImageInputStream extends ImageInputStreamImpl {
  private byte[] head = {};
  private byte[] file = {};
  private int from;

  /** An empty one, until {@link #show} is called. */
  ByteArrayImageInputStream() {}

  /** A file, which is not copied. */
  ByteArrayImageInputStream(byte[] file) {
    this.file = file;
  }

  /** Becomes another file, of {@code head} and what {@code file} holds from {@code from} on. */
  void show(byte[] head, byte[] file, int from) {
    this.head = head;
    this.file = file;
    this.from = from;
    streamPos = 0;
    bitOffset = 0;
  }

  @Override
  public int read() {
    bitOffset = 0;
    if (streamPos >= length()) {
      return -1;
    }
    int at = (int) streamPos++;
    return (at < head.length ? head[at] : file[from + at - head.length]) & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= length()) {
      return -1;
    }
    int at = (int) streamPos;
    int read;
    if (at < head.length) {
      read = Math.min(length, head.length - at);
      System.arraycopy(head, at, into, offset, read);
    } else {
      read = (int) Math.min(length, length() - at);
      System.arraycopy(file, from + at - head.length, into, offset, read);
    }
    streamPos += read;
    return read;
  }

  @Override
  public long length() {
    return (long) head.length + file.length - from;
  }

  /** Nothing to release. An inherited finalizer would cost more than reading a small picture. */
  @Override
  @SuppressWarnings({"deprecation", "Finalize"})
  protected void finalize() {}
}
