package dev.convoy.worker.cuda.simulation.ptx;

import java.util.List;
import java.util.function.BiFunction;

/** Finds the operation of an instruction. */
final class PtxDecoder {
  private static final List<BiFunction<PtxStatement, PtxScope, PtxOperation>> OF_ANY_TYPE =
      List.of(
          ControlFlow::decode,
          Moves::decode,
          MemoryAccess::decode,
          Comparisons::decode,
          WarpOperations::decode);

  private PtxDecoder() {}

  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    for (BiFunction<PtxStatement, PtxScope, PtxOperation> family : OF_ANY_TYPE) {
      PtxOperation operation = family.apply(statement, scope);
      if (operation != null) {
        return operation;
      }
    }
    PtxOperation operation = arithmetic(statement, scope);
    if (operation == null) {
      throw statement.unknown();
    }
    return operation;
  }

  private static PtxOperation arithmetic(PtxStatement statement, PtxScope scope) {
    if (statement.name().equals("cvt")) {
      return Conversions.decode(statement, scope);
    }
    return switch (statement.type()) {
      case F32 -> SingleArithmetic.decode(statement, scope);
      case F64 -> DoubleArithmetic.decode(statement, scope);
      default -> {
        PtxOperation carry = CarryArithmetic.decode(statement, scope);
        PtxOperation bits = carry != null ? carry : BitOperations.decode(statement, scope);
        yield bits != null ? bits : IntegerArithmetic.decode(statement, scope);
      }
    };
  }
}
