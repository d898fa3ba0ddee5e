package dev.convoy.worker.cuda.simulation.ptx;

import java.util.ArrayList;
import java.util.List;

/** Reads the operands of an instruction. */
final class OperandReader {
  private final PtxTokens tokens;

  OperandReader(PtxTokens tokens) {
    this.tokens = tokens;
  }

  /** All of them, up to the semicolon, which is passed over. */
  List<PtxOperand> readAll() {
    List<PtxOperand> operands = new ArrayList<>();
    while (!tokens.skip(";")) {
      operands.add(read());
      tokens.skip(",");
    }
    return operands;
  }

  private PtxOperand read() {
    if (tokens.skip("{")) {
      return new PtxOperand.Vector(readUntil("}"));
    }
    if (tokens.skip("(")) {
      return new PtxOperand.Arguments(readUntil(")"));
    }
    if (tokens.skip("[")) {
      return address();
    }
    if (tokens.isNext("-") || Character.isDigit(tokens.peek().charAt(0))) {
      return new PtxOperand.Literal(tokens.number());
    }
    PtxOperand name = new PtxOperand.Name(tokens.next());
    return tokens.skip("|") ? new PtxOperand.Pair(name, read()) : name;
  }

  private List<PtxOperand> readUntil(String end) {
    List<PtxOperand> elements = new ArrayList<>();
    while (!tokens.skip(end)) {
      elements.add(read());
      tokens.skip(",");
    }
    return elements;
  }

  private PtxOperand address() {
    String base = null;
    long offset = 0;
    if (Character.isDigit(tokens.peek().charAt(0))) {
      offset = tokens.number();
    } else {
      base = tokens.next();
      if (tokens.skip("+")) {
        offset = tokens.number();
      } else if (tokens.isNext("-")) {
        offset = tokens.number();
      }
    }
    tokens.expect("]");
    return new PtxOperand.Address(base, offset);
  }
}
