package dev.convoy.worker.cuda.simulation.ptx;

import java.util.List;

/** Instructions that move values between registers, and addresses between spaces. */
final class Moves {
  private Moves() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    return switch (statement.name()) {
      case "mov" -> {
        statement.requireModifiers();
        yield move(statement, scope);
      }
      case "cvta" -> address(statement, scope);
      default -> null;
    };
  }

  private static PtxOperation move(PtxStatement statement, PtxScope scope) {
    int bits = statement.type().bits();
    if (statement.operand(0) instanceof PtxOperand.Vector parts) {
      return unpack(statement, scope, parts.elements(), bits);
    }
    if (statement.operand(1) instanceof PtxOperand.Vector parts) {
      return pack(statement, scope, parts.elements(), bits);
    }
    return PtxFunctions.of(statement, scope, a -> a);
  }

  private static PtxOperation unpack(
      PtxStatement statement, PtxScope scope, List<PtxOperand> parts, int bits) {
    int from = scope.row(statement, statement.operand(1));
    int each = bits / parts.size();
    long mask = -1L >>> (64 - each);
    int[] to = parts.stream().mapToInt(part -> scope.destination(statement, part)).toArray();
    return (block, threads, count) -> {
      for (int i = 0; i < count; i++) {
        long value = block.row(from)[threads[i]];
        for (int part = 0; part < to.length; part++) {
          block.row(to[part])[threads[i]] = (value >>> (part * each)) & mask;
        }
      }
    };
  }

  private static PtxOperation pack(
      PtxStatement statement, PtxScope scope, List<PtxOperand> parts, int bits) {
    int to = scope.destination(statement, statement.operand(0));
    int each = bits / parts.size();
    long mask = -1L >>> (64 - each);
    int[] from = parts.stream().mapToInt(part -> scope.row(statement, part)).toArray();
    return (block, threads, count) -> {
      for (int i = 0; i < count; i++) {
        long value = 0;
        for (int part = 0; part < from.length; part++) {
          long bitsOfPart = block.row(from[part])[threads[i]] & mask;
          value |= bitsOfPart << (part * each);
        }
        block.row(to)[threads[i]] = value;
      }
    };
  }

  private static PtxOperation address(PtxStatement statement, PtxScope scope) {
    statement.requireModifiers("to", "global", "shared", "local", "const", "param");
    long window = PtxSpace.of(statement).window();
    return statement.has("to")
        ? PtxFunctions.of(statement, scope, a -> a - window)
        : PtxFunctions.of(statement, scope, a -> a + window);
  }
}
