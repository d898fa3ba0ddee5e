package dev.convoy.data.shard;

/** As what a shard keeps its examples. */
public enum StoredForm {
  /** Pixels, decoded once. */
  DECODED,

  /**
   * The bytes of image files, decoded each time that pixels are asked for: about a tenth of the
   * room, for the time of decoding. Examples that are no files of their own, and files that are
   * larger than their pixels, are kept decoded.
   */
  ENCODED
}
