// Sums over the rows of a tensor, column by column: first over the rows of a strip, by a block of
// threads for each strip and tile of columns; then over the strips.
#pragma once
#include "values.cuh"

/** Values of a thread: neighbouring columns of a row. */
template <class T, int WIDTH>
__device__ __forceinline__ void loadColumns(const T *from, float *values) {
  if (WIDTH == 1) {
    values[0] = toFloat(from[0]);
  } else {
    readPack(from, values);
  }
}

/**
 * Leaves the sums of up to two terms of each value, axes [term, strip, column].
 *
 * A block has threads x for columns, WIDTH each, and y, a power of two, for rows; a grid has blocks
 * x for columns and y for strips.
 *
 * @param terms of a row's WIDTH columns: terms(row, first column, sums), which adds to sums
 */
template <int WIDTH, int TERMS, class Terms>
__device__ __forceinline__ void sumStrip(int rows, int columns, float *strips, Terms terms) {
  __shared__ float shared[TERMS * WIDTH * 256];
  float sums[TERMS * WIDTH];
#pragma unroll
  for (int i = 0; i < TERMS * WIDTH; i++) {
    sums[i] = 0;
  }
  int column = (blockIdx.x * blockDim.x + threadIdx.x) * WIDTH;
  if (column < columns) {
    for (int row = blockIdx.y * blockDim.y + threadIdx.y; row < rows; row += gridDim.y * blockDim.y) {
      terms(row, column, sums);
    }
  }
  int thread = threadIdx.y * blockDim.x + threadIdx.x;
#pragma unroll
  for (int i = 0; i < TERMS * WIDTH; i++) {
    shared[i * 256 + thread] = sums[i];
  }
  __syncthreads();
  for (int half = blockDim.y / 2; half > 0; half >>= 1) {
    if (threadIdx.y < half) {
#pragma unroll
      for (int i = 0; i < TERMS * WIDTH; i++) {
        shared[i * 256 + thread] += shared[i * 256 + thread + half * blockDim.x];
      }
    }
    __syncthreads();
  }
  if (threadIdx.y == 0 && column < columns) {
#pragma unroll
    for (int i = 0; i < TERMS * WIDTH; i++) {
      strips[(i / WIDTH * gridDim.y + blockIdx.y) * columns + column + i % WIDTH] =
          shared[i * 256 + thread];
    }
  }
}

/**
 * The sum over all strips of a block's column; of threads y = 0 alone it is the sum. A block has 32
 * threads x for columns and 8 threads y for strips.
 */
__device__ __forceinline__ double sumOfStrips(
    const float *strips, int count, int columns, int column, double *shared) {
  double sum = 0;
  if (column < columns) {
    for (int strip = threadIdx.y; strip < count; strip += 8) {
      sum += strips[strip * columns + column];
    }
  }
  shared[threadIdx.y * 32 + threadIdx.x] = sum;
  __syncthreads();
  for (int half = 4; half > 0; half >>= 1) {
    if (threadIdx.y < half) {
      shared[threadIdx.y * 32 + threadIdx.x] += shared[(threadIdx.y + half) * 32 + threadIdx.x];
    }
    __syncthreads();
  }
  sum = shared[threadIdx.x];
  __syncthreads();
  return sum;
}
