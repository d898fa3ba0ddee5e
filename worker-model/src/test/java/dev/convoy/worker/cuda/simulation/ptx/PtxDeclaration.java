package dev.convoy.worker.cuda.simulation.ptx;

/**
 * A declared variable or parameter: .align 4 .b8 name[16].
 *
 * @param bytes of all its elements; 0 where [] leaves them to the launch
 */
record PtxDeclaration(String name, PtxType type, int alignment, int bytes) {
  /** Reads one, from its alignment or type on. */
  static PtxDeclaration read(PtxTokens tokens) {
    int alignment = 0;
    PtxType type = null;
    while (tokens.peek().startsWith(".")) {
      String word = tokens.next();
      if (word.equals(".align")) {
        alignment = (int) tokens.number();
      } else if (PtxType.named(word.substring(1)) != null) {
        type = PtxType.named(word.substring(1));
      } else if (!word.equals(".ptr") && !word.equals(".global") && !word.equals(".attribute")) {
        throw new PtxException(tokens.line(), "has a declaration that is not known: " + word);
      }
    }
    if (type == null) {
      throw new PtxException(tokens.line(), "has a declaration without a type");
    }
    String name = tokens.next();
    int bytes = type.bytes();
    while (tokens.skip("[")) {
      bytes *= tokens.isNext("]") ? 0 : (int) tokens.number();
      tokens.expect("]");
    }
    return new PtxDeclaration(name, type, Math.max(alignment, type.bytes()), bytes);
  }

  /** The first place from an offset on where it may begin. */
  int place(int offset) {
    return (offset + alignment - 1) / alignment * alignment;
  }
}
