package dev.convoy.worker.cuda.simulation.ptx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a module: its header, variables, functions and kernels. */
final class ModuleReader {
  private final PtxTokens tokens;
  private final PtxVariable.Placement placement;
  private final Map<String, PtxSymbol> symbols = new HashMap<>();
  private final Map<String, Integer> functions = new HashMap<>();
  private final Map<String, PtxKernel> kernels = new LinkedHashMap<>();
  private int sharedBytes;

  ModuleReader(PtxTokens tokens, PtxVariable.Placement placement) {
    this.tokens = tokens;
    this.placement = placement;
  }

  PtxModule read() {
    tokens.expect(".version");
    String version = tokens.next();
    tokens.expect(".target");
    String target = tokens.next();
    tokens.expect(".address_size");
    if (tokens.number() != 64) {
      throw new PtxException(tokens.line(), "has addresses of other than 64 bits");
    }
    int body = tokens.position();
    findFunctions();
    tokens.moveTo(body);
    while (!tokens.atEnd()) {
      readDeclaration();
    }
    return new PtxModule(version, target, kernels);
  }

  private void readDeclaration() {
    String word = tokens.next();
    switch (word) {
      case ".visible", ".extern", ".weak", ".common" -> {}
      case ".entry" -> readKernel();
      case ".func" -> readFunction();
      case ".global", ".const" -> readVariable();
      case ".shared" -> readShared();
      default -> throw new PtxException(tokens.line(), "has what is not known: " + word);
    }
  }

  /** Notes where each function begins: it is read again wherever it is called. */
  private void findFunctions() {
    while (!tokens.atEnd()) {
      if (tokens.next().equals(".func")) {
        readFunction();
      }
    }
  }

  private void readKernel() {
    String name = tokens.next();
    PtxRows rows = new PtxRows();
    PtxScope scope = new PtxScope(symbols, rows);
    int parameterBytes = readParameters(scope);
    int maximumThreads = readPerformanceHints();
    BodyReader body = new BodyReader(tokens, scope, functions, sharedBytes);
    body.readKernel();
    kernels.put(
        name,
        new PtxKernel(
            name,
            parameterBytes,
            maximumThreads,
            rows.count(),
            rows.constants(),
            rows.specials(),
            body.sharedBytes(),
            body.localBytes(),
            body.code()));
  }

  private int readParameters(PtxScope scope) {
    int bytes = 0;
    tokens.expect("(");
    while (!tokens.skip(")")) {
      tokens.expect(".param");
      PtxDeclaration parameter = PtxDeclaration.read(tokens);
      int offset = parameter.place(bytes);
      scope.declare(parameter.name(), new PtxSymbol.Argument(offset));
      bytes = offset + parameter.bytes();
      tokens.skip(",");
    }
    return bytes;
  }

  /** What a kernel says of its launches, up to its body; returns how many threads a block has. */
  private int readPerformanceHints() {
    int threads = 1024;
    while (!tokens.isNext("{")) {
      String word = tokens.next();
      int product = 1;
      while (!tokens.isNext("{") && !tokens.peek().startsWith(".")) {
        product *= (int) tokens.number();
        tokens.skip(",");
      }
      switch (word) {
        case ".maxntid", ".reqntid" -> threads = product;
        case ".minnctapersm", ".maxnreg" -> {}
        default -> throw new PtxException(tokens.line(), "has what is not known: " + word);
      }
    }
    return threads;
  }

  private void readFunction() {
    int start = tokens.position();
    if (tokens.isNext("(")) {
      skipParentheses();
    }
    String name = tokens.next();
    skipParentheses();
    tokens.skip(".noreturn");
    if (!tokens.skip(";")) {
      tokens.skipBraces();
      functions.put(name, start);
    }
  }

  private void skipParentheses() {
    tokens.expect("(");
    while (!tokens.next().equals(")")) {}
  }

  private void readVariable() {
    PtxDeclaration declared = PtxDeclaration.read(tokens);
    ByteBuffer initial = ByteBuffer.allocate(declared.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    if (tokens.skip("=")) {
      boolean several = tokens.skip("{");
      do {
        put(initial, declared.type(), tokens.number());
      } while (tokens.skip(","));
      if (several) {
        tokens.expect("}");
      }
    }
    tokens.expect(";");
    long address =
        placement.place(new PtxVariable(declared.name(), declared.alignment(), initial.array()));
    symbols.put(declared.name(), new PtxSymbol.Variable(PtxSpace.GLOBAL, address));
  }

  private static void put(ByteBuffer to, PtxType type, long value) {
    for (int i = 0; i < type.bytes(); i++) {
      to.put((byte) (value >> (8 * i)));
    }
  }

  private void readShared() {
    PtxDeclaration declared = PtxDeclaration.read(tokens);
    tokens.expect(";");
    if (declared.bytes() == 0) {
      symbols.put(declared.name(), new PtxSymbol.DynamicShared());
      return;
    }
    int offset = declared.place(sharedBytes);
    sharedBytes = offset + declared.bytes();
    symbols.put(declared.name(), new PtxSymbol.Variable(PtxSpace.SHARED, offset));
  }
}
