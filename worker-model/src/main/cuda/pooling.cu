// The largest value or the mean of windows over images.
#include "values.cuh"

/** Extents of images and of the result; windows, and how they move. */
struct Windows {
  int channels, height, width, outHeight, outWidth;
  int kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padLeft;
  int adaptive;

  /** First row of a window, and the row behind its last one; within the image. */
  __device__ int top(int row) const {
    return adaptive ? (int)((long long)row * height / outHeight) : max(0, begin(row));
  }
  __device__ int bottom(int row) const {
    return adaptive ? (int)(((long long)(row + 1) * height + outHeight - 1) / outHeight)
                    : min(height, begin(row) + kernelHeight);
  }
  __device__ int left(int column) const {
    return adaptive ? (int)((long long)column * width / outWidth)
                    : max(0, column * strideWidth - padLeft);
  }
  __device__ int right(int column) const {
    return adaptive ? (int)(((long long)(column + 1) * width + outWidth - 1) / outWidth)
                    : min(width, column * strideWidth - padLeft + kernelWidth);
  }
  /** The first window that may hold a row, and the one behind the last. */
  __device__ int firstRow(int y) const {
    return adaptive ? 0 : max(0, (y + padTop - kernelHeight + strideHeight) / strideHeight);
  }
  __device__ int lastRow(int y) const {
    return adaptive ? outHeight : min(outHeight, (y + padTop) / strideHeight + 1);
  }
  __device__ int firstColumn(int x) const {
    return adaptive ? 0 : max(0, (x + padLeft - kernelWidth + strideWidth) / strideWidth);
  }
  __device__ int lastColumn(int x) const {
    return adaptive ? outWidth : min(outWidth, (x + padLeft) / strideWidth + 1);
  }
  __device__ int begin(int row) const { return row * strideHeight - padTop; }
  /** How many values a mean is over. */
  __device__ int count(int row, int column, int withPadding) const {
    return withPadding ? kernelHeight * kernelWidth
                       : (bottom(row) - top(row)) * (right(column) - left(column));
  }
};

/** The largest value of each window, and in which pixel of the image it was found first. */
template <class T>
__device__ __forceinline__ void largest(const T *x, T *y, int *places, int n, Windows w) {
  FOR_VALUES(i, n) {
    int channel = i % w.channels;
    int column = i / w.channels % w.outWidth;
    int row = i / w.channels / w.outWidth % w.outHeight;
    int image = i / w.channels / w.outWidth / w.outHeight;
    const T *from = x + (long long)image * w.height * w.width * w.channels + channel;
    float best = -__int_as_float(0x7f800000);
    int place = -1;
    for (int r = w.top(row); r < w.bottom(row); r++) {
      for (int c = w.left(column); c < w.right(column); c++) {
        float value = toFloat(from[(r * w.width + c) * w.channels]);
        if (place < 0 || value > best) {
          best = value;
          place = r * w.width + c;
        }
      }
    }
    assign(y + i, best);
    if (places != 0) {
      places[i] = place;
    }
  }
}

/** Each pixel gathers from the windows whose largest value it is. */
template <class T>
__device__ __forceinline__ void largestGradient(
    const T *dy, const int *places, T *dx, int n, Windows w) {
  FOR_VALUES(i, n) {
    int channel = i % w.channels;
    int x = i / w.channels % w.width;
    int y = i / w.channels / w.width % w.height;
    int image = i / w.channels / w.width / w.height;
    float sum = 0;
    for (int row = w.firstRow(y); row < w.lastRow(y); row++) {
      for (int column = w.firstColumn(x); column < w.lastColumn(x); column++) {
        int at = ((image * w.outHeight + row) * w.outWidth + column) * w.channels + channel;
        sum += places[at] == y * w.width + x ? toFloat(dy[at]) : 0;
      }
    }
    assign(dx + i, sum);
  }
}

template <class T>
__device__ __forceinline__ void mean(const T *x, T *y, int n, int withPadding, Windows w) {
  FOR_VALUES(i, n) {
    int channel = i % w.channels;
    int column = i / w.channels % w.outWidth;
    int row = i / w.channels / w.outWidth % w.outHeight;
    int image = i / w.channels / w.outWidth / w.outHeight;
    const T *from = x + (long long)image * w.height * w.width * w.channels + channel;
    float sum = 0;
    for (int r = w.top(row); r < w.bottom(row); r++) {
      for (int c = w.left(column); c < w.right(column); c++) {
        sum += toFloat(from[(r * w.width + c) * w.channels]);
      }
    }
    assign(y + i, sum / w.count(row, column, withPadding));
  }
}

template <class T>
__device__ __forceinline__ void meanGradient(
    const T *dy, T *dx, int n, int withPadding, Windows w) {
  FOR_VALUES(i, n) {
    int channel = i % w.channels;
    int x = i / w.channels % w.width;
    int y = i / w.channels / w.width % w.height;
    int image = i / w.channels / w.width / w.height;
    float sum = 0;
    for (int row = w.firstRow(y); row < w.lastRow(y); row++) {
      for (int column = w.firstColumn(x); column < w.lastColumn(x); column++) {
        bool holds = y >= w.top(row) && y < w.bottom(row) && x >= w.left(column) && x < w.right(column);
        int at = ((image * w.outHeight + row) * w.outWidth + column) * w.channels + channel;
        sum += holds ? toFloat(dy[at]) / w.count(row, column, withPadding) : 0;
      }
    }
    assign(dx + i, sum);
  }
}

#define KERNELS(T, NAME)                                                                           \
  extern "C" __global__ void largest_##NAME(const T *x, T *y, int *places, int n, Windows w) {     \
    largest(x, y, places, n, w);                                                                   \
  }                                                                                                \
  extern "C" __global__ void largest_gradient_##NAME(const T *dy, const int *places, T *dx, int n, \
                                                     Windows w) {                                  \
    largestGradient(dy, places, dx, n, w);                                                         \
  }                                                                                                \
  extern "C" __global__ void mean_##NAME(const T *x, T *y, int n, int withPadding, Windows w) {    \
    mean(x, y, n, withPadding, w);                                                                 \
  }                                                                                                \
  extern "C" __global__ void mean_gradient_##NAME(const T *dy, T *dx, int n, int withPadding,      \
                                                  Windows w) {                                     \
    meanGradient(dy, dx, n, withPadding, w);                                                       \
  }

KERNELS(float, f32)
KERNELS(bfloat16, bf16)
