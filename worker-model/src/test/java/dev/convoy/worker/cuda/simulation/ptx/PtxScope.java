package dev.convoy.worker.cuda.simulation.ptx;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** What the names of a function stand for: those of its braces, then its own, then the module's. */
final class PtxScope {
  private final Map<String, PtxSymbol> module;
  private final PtxRows rows;
  private final Deque<Map<String, PtxSymbol>> names = new ArrayDeque<>();
  private final Map<String, PtxLabel> labels = new HashMap<>();

  PtxScope(Map<String, PtxSymbol> module, PtxRows rows) {
    this.module = module;
    this.rows = rows;
    open();
  }

  /** An empty scope of a function of the same module. */
  PtxScope ofFunction() {
    return new PtxScope(module, rows);
  }

  PtxRows rows() {
    return rows;
  }

  void open() {
    names.push(new HashMap<>());
  }

  void close() {
    names.pop();
  }

  void declare(String name, PtxSymbol symbol) {
    names.getFirst().put(name, symbol);
  }

  void declareRegister(String name, PtxType type) {
    declare(name, new PtxSymbol.Register(rows.add(), type));
  }

  PtxLabel label(String name) {
    return labels.computeIfAbsent(name, n -> new PtxLabel());
  }

  /** The name of a label that is nowhere, or null. */
  String missingLabel() {
    for (Map.Entry<String, PtxLabel> label : labels.entrySet()) {
      if (label.getValue().position() < 0) {
        return label.getKey();
      }
    }
    return null;
  }

  PtxSymbol symbol(String name, int line) {
    for (Map<String, PtxSymbol> scope : names) {
      if (scope.containsKey(name)) {
        return scope.get(name);
      }
    }
    PtxSymbol symbol = module.get(name);
    if (symbol == null) {
      throw new PtxException(line, "names what is not declared: " + name);
    }
    return symbol;
  }

  /** The row that holds an operand. */
  int row(PtxStatement statement, PtxOperand operand) {
    if (operand instanceof PtxOperand.Literal number) {
      return rows.constant(number.bits());
    }
    if (operand instanceof PtxOperand.Name name) {
      return row(name.name(), statement.line());
    }
    throw statement.unknown();
  }

  /** The row that holds what a name stands for; the address of a variable. */
  int row(String name, int line) {
    if (PtxSpecial.named(name) != null) {
      return rows.special(PtxSpecial.named(name));
    }
    PtxSymbol symbol = symbol(name, line);
    if (symbol instanceof PtxSymbol.Register register) {
      return register.row();
    }
    if (symbol instanceof PtxSymbol.Variable variable) {
      return rows.constant(variable.address());
    }
    if (symbol instanceof PtxSymbol.Argument argument) {
      return rows.constant(argument.offset());
    }
    if (symbol instanceof PtxSymbol.DynamicShared) {
      return rows.special(PtxSpecial.DYNAMIC_SHARED);
    }
    throw new PtxException(line, "takes the address of " + name);
  }

  /** The row that a result goes to; one that is not wanted goes to a row of its own. */
  int destination(PtxStatement statement, PtxOperand operand) {
    if (operand instanceof PtxOperand.Name name) {
      return name.name().equals("_") ? rows.add() : register(name.name(), statement.line()).row();
    }
    throw statement.unknown();
  }

  PtxSymbol.Register register(String name, int line) {
    if (symbol(name, line) instanceof PtxSymbol.Register register) {
      return register;
    }
    throw new PtxException(line, "has " + name + " where a register belongs");
  }
}
