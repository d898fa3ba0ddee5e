package dev.convoy.worker.cuda.api;

/**
 * Libraries that are loaded and begun. One object of each serves the whole process and all threads.
 *
 * @param driver after {@code cuInit}
 * @param dnn cuDNN
 * @param blas cuBLAS
 * @param versions of all of them
 */
public record CudaLibraries(Driver driver, Dnn dnn, Blas blas, LibraryVersions versions) {}
