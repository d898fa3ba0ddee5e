package dev.convoy.worker.cuda.simulation.ptx;

import java.util.HashMap;
import java.util.Map;

/** A type of PTX's operands. Registers are kept as 64 bits, of which a type has the lowest. */
enum PtxType {
  PRED(0, false, false),
  B8(1, false, false),
  U8(1, false, false),
  S8(1, true, false),
  B16(2, false, false),
  U16(2, false, false),
  S16(2, true, false),
  B32(4, false, false),
  U32(4, false, false),
  S32(4, true, false),
  F32(4, false, true),
  B64(8, false, false),
  U64(8, false, false),
  S64(8, true, false),
  F64(8, false, true);

  private static final Map<String, PtxType> BY_NAME = new HashMap<>();

  static {
    for (PtxType type : values()) {
      BY_NAME.put(type.name().toLowerCase(java.util.Locale.ROOT), type);
    }
  }

  private final int bytes;
  private final boolean signed;
  private final boolean floating;

  PtxType(int bytes, boolean signed, boolean floating) {
    this.bytes = bytes;
    this.signed = signed;
    this.floating = floating;
  }

  /** The type of this name without its point, or null. */
  static PtxType named(String name) {
    return BY_NAME.get(name);
  }

  int bytes() {
    return bytes;
  }

  int bits() {
    return 8 * bytes;
  }

  boolean isSigned() {
    return signed;
  }

  boolean isFloating() {
    return floating;
  }

  /** A register's value as this type has it: with its sign, or with zeros above. */
  long of(long register) {
    if (bytes == 0) {
      return register & 1;
    }
    int unused = 64 - 8 * bytes;
    return signed ? register << unused >> unused : register << unused >>> unused;
  }

  /** The largest value of an integer type; of 64 bits without sign, all ones. */
  long largest() {
    return signed ? (1L << (bits() - 1)) - 1 : -1L >>> (64 - bits());
  }

  /** The smallest value of an integer type. */
  long smallest() {
    return signed ? -1L << (bits() - 1) : 0;
  }
}
