package dev.convoy.worker.cuda.simulation.ptx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the body of a kernel into its code. Functions are put in where they are called. */
final class BodyReader {
  private static final int DEEPEST_CALL = 16;

  private final PtxTokens tokens;
  private final OperandReader operands;
  private final Map<String, Integer> functions;
  private final List<PtxInstruction> code = new ArrayList<>();
  private final Map<String, List<PtxLabel>> branchTargets = new HashMap<>();
  private PtxScope scope;
  private PtxLabel returnLabel;
  private int depth;
  private int heldVariables;
  private int sharedBytes;
  private int localBytes;

  BodyReader(PtxTokens tokens, PtxScope scope, Map<String, Integer> functions, int sharedBytes) {
    this.tokens = tokens;
    this.scope = scope;
    this.functions = functions;
    this.sharedBytes = sharedBytes;
    operands = new OperandReader(tokens);
  }

  int sharedBytes() {
    return sharedBytes;
  }

  int localBytes() {
    return localBytes;
  }

  List<PtxInstruction> code() {
    return code;
  }

  void readKernel() {
    readBraces();
    requireLabels();
    add(new PtxStatement(tokens.line(), null, false, List.of("exit"), List.of()));
  }

  private void requireLabels() {
    if (scope.missingLabel() != null) {
      throw new PtxException(tokens.line(), "lacks the label " + scope.missingLabel());
    }
  }

  private void readBraces() {
    tokens.expect("{");
    scope.open();
    while (!tokens.skip("}")) {
      if (tokens.isNext("{")) {
        readBraces();
      } else {
        readStatement();
      }
    }
    scope.close();
  }

  private void readStatement() {
    String word = tokens.peek();
    if (tokens.isSecond(":")) {
      readLabel();
    } else if (word.startsWith(".")) {
      tokens.next();
      readDirective(word);
    } else {
      readInstruction();
    }
  }

  private void readLabel() {
    String name = tokens.next();
    tokens.expect(":");
    if (tokens.skip(".branchtargets")) {
      List<PtxLabel> targets = new ArrayList<>();
      do {
        targets.add(scope.label(tokens.next()));
      } while (tokens.skip(","));
      tokens.expect(";");
      branchTargets.put(name, targets);
      return;
    }
    scope.label(name).place(code.size());
  }

  private void readDirective(String word) {
    switch (word) {
      case ".reg" -> readRegisters();
      case ".pragma" -> {
        tokens.next();
        tokens.expect(";");
      }
      case ".shared" -> {
        PtxDeclaration declared = readVariable();
        int offset = declared.place(sharedBytes);
        sharedBytes = offset + declared.bytes();
        scope.declare(declared.name(), new PtxSymbol.Variable(PtxSpace.SHARED, offset));
      }
      case ".local" -> {
        PtxDeclaration declared = readVariable();
        int offset = declared.place(localBytes);
        localBytes = offset + declared.bytes();
        scope.declare(declared.name(), new PtxSymbol.Variable(PtxSpace.LOCAL, offset));
      }
      case ".param" -> declareHeld(readVariable().name());
      default -> throw new PtxException(tokens.line(), "has what is not known: " + word);
    }
  }

  private PtxDeclaration readVariable() {
    PtxDeclaration declared = PtxDeclaration.read(tokens);
    tokens.expect(";");
    return declared;
  }

  private void declareHeld(String name) {
    scope.declare(name, new PtxSymbol.Held(name + "#" + heldVariables++));
  }

  /** .reg .b32 %r&lt;5&gt;, %x; */
  private void readRegisters() {
    String typeName = tokens.next();
    PtxType type = PtxType.named(typeName.substring(1));
    if (type == null) {
      throw new PtxException(tokens.line(), "has registers of the type " + typeName);
    }
    do {
      String name = tokens.next();
      if (tokens.skip("<")) {
        long count = tokens.number();
        tokens.expect(">");
        for (int i = 0; i < count; i++) {
          scope.declareRegister(name + i, type);
        }
      } else {
        scope.declareRegister(name, type);
      }
    } while (tokens.skip(","));
    tokens.expect(";");
  }

  private void readInstruction() {
    int line = tokens.line();
    String guard = null;
    boolean negated = false;
    if (tokens.skip("@")) {
      negated = tokens.skip("!");
      guard = tokens.next();
    }
    List<String> words = List.of(tokens.next().split("\\."));
    PtxStatement statement = new PtxStatement(line, guard, negated, words, operands.readAll());
    switch (statement.name()) {
      case "call" -> readCall(statement);
      case "brx" -> readIndexedJump(statement);
      default -> add(statement);
    }
  }

  private void add(PtxStatement statement) {
    boolean returns = statement.name().equals("ret") && returnLabel != null;
    add(statement, returns ? ControlFlow.jump(returnLabel) : PtxDecoder.decode(statement, scope));
  }

  private void add(PtxStatement statement, PtxOperation operation) {
    int guard =
        statement.guard() == null ? -1 : scope.register(statement.guard(), statement.line()).row();
    code.add(
        new PtxInstruction(
            operation, guard, statement.negated(), statement.line(), statement.toString()));
  }

  private void readIndexedJump(PtxStatement statement) {
    statement.requireModifiers("idx", "uni");
    List<PtxLabel> targets =
        statement.operand(1) instanceof PtxOperand.Name name
            ? branchTargets.get(name.name())
            : null;
    if (targets == null) {
      throw statement.unknown();
    }
    add(statement, ControlFlow.indexedJump(statement, scope, targets));
  }

  /** call (result), function, (arguments): the function's body with names of its own. */
  private void readCall(PtxStatement statement) {
    statement.requireModifiers("uni");
    List<PtxOperand> rest = new ArrayList<>(statement.operands());
    List<PtxOperand> results = List.of();
    if (!rest.isEmpty() && rest.get(0) instanceof PtxOperand.Arguments given) {
      results = given.elements();
      rest.remove(0);
    }
    if (rest.isEmpty()
        || !(rest.get(0) instanceof PtxOperand.Name function)
        || !functions.containsKey(function.name())
        || statement.guard() != null
        || depth == DEEPEST_CALL) {
      throw statement.unknown();
    }
    List<PtxOperand> arguments =
        rest.size() > 1 && rest.get(1) instanceof PtxOperand.Arguments given
            ? given.elements()
            : List.of();
    int position = tokens.position();
    PtxScope caller = scope;
    PtxLabel callerReturn = returnLabel;
    enter(function.name(), caller, statement, results, arguments);
    readBraces();
    requireLabels();
    returnLabel.place(code.size());
    depth--;
    scope = caller;
    returnLabel = callerReturn;
    tokens.moveTo(position);
  }

  private void enter(
      String function,
      PtxScope caller,
      PtxStatement call,
      List<PtxOperand> results,
      List<PtxOperand> arguments) {
    depth++;
    PtxScope callee = caller.ofFunction();
    tokens.moveTo(functions.get(function));
    if (tokens.isNext("(")) {
      bind(callee, caller, call, results);
    }
    tokens.expect(function);
    bind(callee, caller, call, arguments);
    if (!tokens.isNext("{")) {
      throw call.unknown();
    }
    scope = callee;
    returnLabel = new PtxLabel();
  }

  /** Lets a function's names of its parameters stand for what a call hands over. */
  private void bind(PtxScope callee, PtxScope caller, PtxStatement call, List<PtxOperand> handed) {
    tokens.expect("(");
    for (PtxOperand operand : handed) {
      if (!(operand instanceof PtxOperand.Name name)) {
        throw call.unknown();
      }
      tokens.expect(".param");
      PtxSymbol held = caller.symbol(name.name(), call.line());
      callee.declare(PtxDeclaration.read(tokens).name(), held);
      tokens.skip(",");
    }
    tokens.expect(")");
  }
}
