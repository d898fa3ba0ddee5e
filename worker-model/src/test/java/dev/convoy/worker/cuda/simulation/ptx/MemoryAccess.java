package dev.convoy.worker.cuda.simulation.ptx;

import java.util.List;

/** Instructions that read and write memory. */
final class MemoryAccess {
  /**
   * Where to access.
   *
   * @param base the row with the address, or -1
   * @param narrow whether that row has 32 bits
   */
  private record Place(PtxSpace space, int base, boolean narrow, long offset) {
    /** Whether it is in a device's memory, at an address of a register. */
    boolean isPlain() {
      return space == PtxSpace.GLOBAL && base >= 0 && !narrow;
    }

    long address(PtxBlock block, int thread) {
      if (base < 0) {
        return offset;
      }
      long start = block.row(base)[thread];
      return (narrow ? start & 0xFFFFFFFFL : start) + offset;
    }
  }

  private MemoryAccess() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    return switch (statement.name()) {
      case "ld", "ldu" -> load(statement, scope);
      case "st" -> store(statement, scope);
      default -> null;
    };
  }

  private static void requireModifiers(PtxStatement statement) {
    statement.requireModifiers(
        "global",
        "shared",
        "shared::cta",
        "local",
        "const",
        "param",
        "nc",
        "volatile",
        "weak",
        "ca",
        "cg",
        "cs",
        "cv",
        "lu",
        "wb",
        "wt",
        "v2",
        "v4");
  }

  private static List<PtxOperand> values(PtxOperand operand) {
    return operand instanceof PtxOperand.Vector vector ? vector.elements() : List.of(operand);
  }

  private static PtxOperand.Address address(PtxStatement statement, int operand) {
    if (statement.operand(operand) instanceof PtxOperand.Address address) {
      return address;
    }
    throw statement.unknown();
  }

  private static Place place(PtxStatement statement, PtxScope scope, PtxOperand.Address address) {
    PtxSpace space = PtxSpace.of(statement);
    if (address.base() == null) {
      return new Place(space, -1, false, address.offset());
    }
    int row = scope.row(address.base(), statement.line());
    boolean narrow =
        PtxSpecial.named(address.base()) == null
            && scope.symbol(address.base(), statement.line()) instanceof PtxSymbol.Register register
            && register.type().bytes() == 4;
    return new Place(space, row, narrow, address.offset());
  }

  private static PtxOperation load(PtxStatement statement, PtxScope scope) {
    requireModifiers(statement);
    PtxType type = statement.type();
    PtxOperand.Address address = address(statement, 1);
    int[] to =
        values(statement.operand(0)).stream()
            .mapToInt(value -> scope.destination(statement, value))
            .toArray();
    if (statement.has("param")) {
      return loadArgument(statement, scope, address, to);
    }
    Place place = place(statement, scope, address);
    if (to.length == 1 && place.isPlain()) {
      return GlobalAccess.load(type, to[0], place.base(), place.offset());
    }
    int size = type.bytes();
    return (block, threads, count) -> {
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        long start = place.address(block, thread);
        block.requireAligned(thread, start, size * to.length);
        for (int part = 0; part < to.length; part++) {
          long value = block.memory().load(place.space(), thread, start + (long) part * size, size);
          block.row(to[part])[thread] = type.of(value);
        }
      }
    };
  }

  private static PtxOperation loadArgument(
      PtxStatement statement, PtxScope scope, PtxOperand.Address address, int[] to) {
    PtxType type = statement.type();
    if (scope.symbol(address.base(), statement.line()) instanceof PtxSymbol.Held held) {
      return copyHeld(scope, held, address.offset(), type, to, true);
    }
    if (scope.symbol(address.base(), statement.line()) instanceof PtxSymbol.Argument argument) {
      return loadArgument(argument.offset() + (int) address.offset(), type, to);
    }
    Place place = place(statement, scope, address);
    return (block, threads, count) -> {
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        int start = Math.toIntExact(place.address(block, thread));
        for (int part = 0; part < to.length; part++) {
          block.row(to[part])[thread] = type.of(argument(block, start + part * type.bytes(), type));
        }
      }
    };
  }

  /** An argument's place is the same for all threads. */
  private static PtxOperation loadArgument(int start, PtxType type, int[] to) {
    return (block, threads, count) -> {
      for (int part = 0; part < to.length; part++) {
        long value = type.of(argument(block, start + part * type.bytes(), type));
        long[] row = block.row(to[part]);
        for (int i = 0; i < count; i++) {
          row[threads[i]] = value;
        }
      }
    };
  }

  private static long argument(PtxBlock block, int offset, PtxType type) {
    byte[] arguments = block.launch().arguments();
    long value = 0;
    for (int i = type.bytes() - 1; i >= 0; i--) {
      value = (value << 8) | (arguments[offset + i] & 0xFF);
    }
    return value;
  }

  private static PtxOperation store(PtxStatement statement, PtxScope scope) {
    requireModifiers(statement);
    PtxType type = statement.type();
    PtxOperand.Address address = address(statement, 0);
    int[] from =
        values(statement.operand(1)).stream()
            .mapToInt(value -> scope.row(statement, value))
            .toArray();
    if (statement.has("param")) {
      if (scope.symbol(address.base(), statement.line()) instanceof PtxSymbol.Held held) {
        return copyHeld(scope, held, address.offset(), type, from, false);
      }
      throw statement.unknown();
    }
    Place place = place(statement, scope, address);
    if (from.length == 1 && place.isPlain()) {
      return GlobalAccess.store(type, from[0], place.base(), place.offset());
    }
    int size = type.bytes();
    return (block, threads, count) -> {
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        long start = place.address(block, thread);
        block.requireAligned(thread, start, size * from.length);
        for (int part = 0; part < from.length; part++) {
          long value = block.row(from[part])[thread];
          block.memory().store(place.space(), thread, start + (long) part * size, size, value);
        }
      }
    };
  }

  /** What a call hands over is kept in rows, one an offset. */
  private static PtxOperation copyHeld(
      PtxScope scope, PtxSymbol.Held held, long offset, PtxType type, int[] rows, boolean load) {
    int[] kept = new int[rows.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = scope.rows().held(held.name(), offset + (long) i * type.bytes());
    }
    return (block, threads, count) -> {
      for (int part = 0; part < rows.length; part++) {
        long[] from = block.row(load ? kept[part] : rows[part]);
        long[] to = block.row(load ? rows[part] : kept[part]);
        for (int i = 0; i < count; i++) {
          to[threads[i]] = type.of(from[threads[i]]);
        }
      }
    };
  }
}
