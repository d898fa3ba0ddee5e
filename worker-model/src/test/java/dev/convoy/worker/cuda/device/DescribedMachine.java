package dev.convoy.worker.cuda.device;

import dev.convoy.worker.cuda.api.Blas;
import dev.convoy.worker.cuda.api.Dnn;
import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.api.LibraryException;
import dev.convoy.worker.cuda.api.LibrarySource;
import dev.convoy.worker.cuda.api.LibraryVersion;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A machine with cards and libraries that say what a test has them say, and can do nothing else.
 */
public final class DescribedMachine implements LibrarySource {
  private final List<Card> cards = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private boolean hasDriver = true;
  private long driver = 12_040;
  private long blas = 120_401;
  private long dnn = 90_100;
  private long dnnCuda = 12_040;
  private int initStatus = Driver.SUCCESS;
  private Optional<Long> otherBlas = Optional.empty();
  private Optional<String> warning = Optional.empty();
  private Optional<String> noDriver = Optional.empty();
  private Optional<String> noBlas = Optional.empty();
  private Optional<String> noDnn = Optional.empty();

  /** Adds a card; its ordinal is the number of those before it. */
  public DescribedMachine card(String name, String pciId, int major, int minor) {
    cards.add(
        new Card(
            cards.size(),
            name,
            PciId.parse(pciId).orElseThrow(),
            new ComputeCapability(major, minor),
            8L << 30));
    return this;
  }

  /** As the libraries count. */
  public DescribedMachine versions(long ofDriver, long ofBlas, long ofDnn, long cudaOfDnn) {
    driver = ofDriver;
    blas = ofBlas;
    dnn = ofDnn;
    dnnCuda = cudaOfDnn;
    return this;
  }

  /** Has another cuBLAS beside the one that is found first. */
  DescribedMachine otherBlas(long version) {
    otherBlas = Optional.of(version);
    return this;
  }

  /** What the libraries lack. */
  public DescribedMachine warning(String text) {
    warning = Optional.of(text);
    return this;
  }

  /** Has neither cards nor libraries. */
  public DescribedMachine withoutDriver() {
    hasDriver = false;
    return this;
  }

  DescribedMachine failing(int statusOfInit) {
    initStatus = statusOfInit;
    return this;
  }

  /** What the driver's loading fails with. */
  public DescribedMachine driverProblem(String problem) {
    noDriver = Optional.of(problem);
    return this;
  }

  DescribedMachine blasProblem(String problem) {
    noBlas = Optional.of(problem);
    return this;
  }

  /** What cuDNN's loading fails with. */
  public DescribedMachine dnnProblem(String problem) {
    noDnn = Optional.of(problem);
    return this;
  }

  /** What it was asked to load, in this order. */
  public List<String> asked() {
    return asked;
  }

  @Override
  public boolean hasDriver() {
    return hasDriver;
  }

  @Override
  public Driver driver() throws LibraryException {
    require("driver", noDriver);
    return answering(
        Driver.class,
        (proxy, method, arguments) -> {
          switch (method.getName()) {
            case "cuInit" -> {
              return initStatus;
            }
            case "cuDriverGetVersion" -> ((int[]) arguments[0])[0] = (int) driver;
            case "cuDeviceGetCount" -> ((int[]) arguments[0])[0] = cards.size();
            case "cuDeviceGet" -> ((int[]) arguments[0])[0] = (int) arguments[1];
            case "cuDeviceGetName" ->
                put(cards.get((int) arguments[2]).name(), (byte[]) arguments[0]);
            case "cuDeviceGetPCIBusId" ->
                put(cards.get((int) arguments[2]).pciId().toString(), (byte[]) arguments[0]);
            case "cuDeviceTotalMem_v2" ->
                ((long[]) arguments[0])[0] = cards.get((int) arguments[1]).memoryBytes();
            case "cuDeviceGetAttribute" -> {
              ComputeCapability capability = cards.get((int) arguments[2]).capability();
              ((int[]) arguments[0])[0] =
                  (int) arguments[1] == Driver.CAPABILITY_MAJOR
                      ? capability.major()
                      : capability.minor();
            }
            default -> throw new UnsupportedOperationException(method.getName());
          }
          return Driver.SUCCESS;
        });
  }

  /** Of 10000 × major + 100 × minor + patch. */
  static LibraryVersion blasVersion(long number) {
    return new LibraryVersion(
        (int) (number / 10_000), (int) (number / 100 % 100), (int) (number % 100));
  }

  private static void put(String text, byte[] bytes) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(encoded, 0, bytes, 0, encoded.length);
  }

  @Override
  public Blas blas(LibraryVersion newestCuda) throws LibraryException {
    require("blas of CUDA " + newestCuda, noBlas);
    return blas(blas);
  }

  @Override
  public Optional<Blas> blasOf(int cudaMajor) {
    asked.add("blas of CUDA " + cudaMajor);
    return otherBlas
        .filter(number -> blasVersion(number).major() == cudaMajor)
        .map(DescribedMachine::blas);
  }

  @Override
  public List<String> warnings() {
    return warning.stream().toList();
  }

  private static Blas blas(long number) {
    return answering(
        Blas.class,
        (proxy, method, arguments) -> {
          if (!method.getName().equals("cublasGetProperty")) {
            throw new UnsupportedOperationException(method.getName());
          }
          LibraryVersion version = blasVersion(number);
          ((int[]) arguments[1])[0] =
              switch ((int) arguments[0]) {
                case Blas.MAJOR_VERSION -> version.major();
                case Blas.MINOR_VERSION -> version.minor();
                default -> version.patch();
              };
          return Blas.SUCCESS;
        });
  }

  @Override
  public Dnn dnn() throws LibraryException {
    require("dnn", noDnn);
    Map<String, Long> numbers = Map.of("cudnnGetVersion", dnn, "cudnnGetCudartVersion", dnnCuda);
    return answering(
        Dnn.class,
        (proxy, method, arguments) ->
            Optional.ofNullable(numbers.get(method.getName()))
                .orElseThrow(() -> new UnsupportedOperationException(method.getName())));
  }

  private void require(String what, Optional<String> problem) throws LibraryException {
    asked.add(what);
    if (problem.isPresent()) {
      throw new LibraryException(problem.get());
    }
  }

  private static <T> T answering(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
