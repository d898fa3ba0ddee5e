// Each value from the values at its place, and values that move.
#include "functions.cuh"
#include "values.cuh"

/** to = from, in another type. */
template <class From, class To>
__device__ __forceinline__ void convert(const From *from, To *to, int n) {
  FOR_VALUES(i, n) { assign(to + i, toFloat(from[i])); }
}

extern "C" __global__ void to_bf16(const float *from, bfloat16 *to, int n) { convert(from, to, n); }

extern "C" __global__ void to_f32(const bfloat16 *from, float *to, int n) { convert(from, to, n); }

/** Pixels, axes [image, channel, row, column], to values by a table of 256 for each channel. */
template <class T>
__device__ __forceinline__ void normalizePixels(
    const unsigned char *pixels, const float *tables, T *values, int n, int channels, int plane) {
  FOR_VALUES(i, n) {
    int channel = i % channels;
    int pixel = i / channels;
    int image = pixel / plane;
    int from = (image * channels + channel) * plane + pixel % plane;
    assign(values + i, tables[channel * 256 + pixels[from]]);
  }
}

/** Axes [image, channel, pixel] to [image, pixel, channel]; the other way round with the extents
 * of channels and pixels exchanged. */
template <class From, class To>
__device__ __forceinline__ void transpose(
    const From *from, To *to, int n, int channels, int plane) {
  FOR_VALUES(i, n) {
    int channel = i % channels;
    int pixel = i / channels;
    int image = pixel / plane;
    assign(to + i, toFloat(from[(image * channels + channel) * plane + pixel % plane]));
  }
}

extern "C" __global__ void images_f32(const float *from, float *to, int n, int channels, int plane) {
  transpose(from, to, n, channels, plane);
}

extern "C" __global__ void images_bf16(
    const float *from, bfloat16 *to, int n, int channels, int plane) {
  transpose(from, to, n, channels, plane);
}

/** A function that is linear on either side of 0, a relu or a leaky one among them. */
__device__ __forceinline__ float rectified(float x, float above, float below) {
  float factor = x > 0 ? above : below;
  return factor == 0 ? 0 : factor * x;
}

/** y = r(x + bias of the channel); no bias where that is 0. */
template <class T>
__device__ __forceinline__ void biasRectified(
    const T *x, const float *bias, T *y, int n, int channels, float above, float below) {
  float values[Pack<T>::SIZE];
  FOR_PACKS(T, at, n) {
    load(x, at, n, values);
    int channel = at % channels;
#pragma unroll
    for (int i = 0; i < Pack<T>::SIZE; i++) {
      float sum = bias == 0 ? values[i] : values[i] + bias[channel];
      values[i] = rectified(sum, above, below);
      channel = channel + 1 == channels ? 0 : channel + 1;
    }
    store(y, at, n, values);
  }
}

/** dx = dy × r', which is told from r's result. */
template <class T>
__device__ __forceinline__ void rectifiedGradient(
    const T *y, const T *dy, T *dx, int n, float above, float below) {
  float values[Pack<T>::SIZE];
  float gradient[Pack<T>::SIZE];
  FOR_PACKS(T, at, n) {
    load(y, at, n, values);
    load(dy, at, n, gradient);
#pragma unroll
    for (int i = 0; i < Pack<T>::SIZE; i++) {
      gradient[i] *= values[i] > 0 ? above : below;
    }
    store(dx, at, n, gradient);
  }
}

/** y = r(a + b). */
template <class T>
__device__ __forceinline__ void addRectified(
    const T *a, const T *b, T *y, int n, float above, float below) {
  float values[Pack<T>::SIZE];
  float others[Pack<T>::SIZE];
  FOR_PACKS(T, at, n) {
    load(a, at, n, values);
    load(b, at, n, others);
#pragma unroll
    for (int i = 0; i < Pack<T>::SIZE; i++) {
      values[i] = rectified(values[i] + others[i], above, below);
    }
    store(y, at, n, values);
  }
}

/** y = f(x). */
template <class T>
__device__ __forceinline__ void function(const T *x, T *y, int n, int kind, float alpha) {
  FOR_VALUES(i, n) { assign(y + i, apply(kind, alpha, toFloat(x[i]))); }
}

/** dx = dy × f', which is told from f's argument or result. */
template <class T>
__device__ __forceinline__ void functionGradient(
    const T *known, const T *dy, T *dx, int n, int kind, float alpha) {
  FOR_VALUES(i, n) { assign(dx + i, toFloat(dy[i]) * slope(kind, alpha, toFloat(known[i]))); }
}

/** Some channels of every pixel from one tensor to another, which may have others besides. */
template <class T>
__device__ __forceinline__ void copyChannels(
    const T *from, int fromChannels, int fromFirst, T *to, int toChannels, int toFirst,
    int channels, int n) {
  FOR_VALUES(i, n) {
    int pixel = i / channels;
    int channel = i % channels;
    to[pixel * toChannels + toFirst + channel] = from[pixel * fromChannels + fromFirst + channel];
  }
}

/** y = x × the factor of the image's channel. */
template <class T>
__device__ __forceinline__ void scaleChannels(
    const T *x, const T *factors, T *y, int n, int channels, int plane) {
  FOR_VALUES(i, n) {
    int image = i / (channels * plane);
    assign(y + i, toFloat(x[i]) * toFloat(factors[image * channels + i % channels]));
  }
}

/** The factors' gradient: sums over an image's pixels of x × dy. */
template <class T>
__device__ __forceinline__ void scaleChannelsGradient(
    const T *x, const T *dy, T *factors, int n, int channels, int plane) {
  FOR_VALUES(i, n) {
    int at = i / channels * channels * plane + i % channels;
    float sum = 0;
    for (int pixel = 0; pixel < plane; pixel++, at += channels) {
      sum += toFloat(x[at]) * toFloat(dy[at]);
    }
    assign(factors + i, sum);
  }
}

/** y = max(a, b). */
template <class T>
__device__ __forceinline__ void maximum(const T *a, const T *b, T *y, int n) {
  FOR_VALUES(i, n) { assign(y + i, fmaxf(toFloat(a[i]), toFloat(b[i]))); }
}

/** What is left of a gradient goes to x where that is the largest. */
template <class T>
__device__ __forceinline__ void maximumGradient(
    const T *x, const T *y, const T *rest, T *dx, T *left, int n) {
  FOR_VALUES(i, n) {
    float gradient = toFloat(rest[i]);
    bool isLargest = toFloat(x[i]) == toFloat(y[i]);
    assign(dx + i, isLargest ? gradient : 0);
    assign(left + i, isLargest ? 0 : gradient);
  }
}

/** y = x above 0, else the channel's slope times x. */
template <class T>
__device__ __forceinline__ void prelu(const T *x, const float *slopes, T *y, int n, int channels) {
  FOR_VALUES(i, n) {
    float value = toFloat(x[i]);
    assign(y + i, value > 0 ? value : slopes[i % channels] * value);
  }
}

/** dx, and what each value adds to its slope's gradient. */
template <class T>
__device__ __forceinline__ void preluGradient(
    const T *x, const float *slopes, const T *dy, T *dx, T *ofSlope, int n, int channels) {
  FOR_VALUES(i, n) {
    float value = toFloat(x[i]);
    float gradient = toFloat(dy[i]);
    assign(dx + i, value > 0 ? gradient : slopes[i % channels] * gradient);
    assign(ofSlope + i, value > 0 ? 0 : value * gradient);
  }
}

#define KERNELS(T, NAME)                                                                           \
  extern "C" __global__ void pixels_##NAME(const unsigned char *pixels, const float *tables,       \
                                           T *values, int n, int channels, int plane) {            \
    normalizePixels(pixels, tables, values, n, channels, plane);                                   \
  }                                                                                                \
  extern "C" __global__ void transpose_##NAME(const T *from, T *to, int n, int channels,           \
                                              int plane) {                                         \
    transpose(from, to, n, channels, plane);                                                       \
  }                                                                                                \
  extern "C" __global__ void bias_##NAME(const T *x, const float *bias, T *y, int n,               \
                                         int channels, float above, float below) {                 \
    biasRectified(x, bias, y, n, channels, above, below);                                          \
  }                                                                                                \
  extern "C" __global__ void rectified_gradient_##NAME(const T *y, const T *dy, T *dx, int n,      \
                                                       float above, float below) {                 \
    rectifiedGradient(y, dy, dx, n, above, below);                                                 \
  }                                                                                                \
  extern "C" __global__ void add_##NAME(const T *a, const T *b, T *y, int n, float above,          \
                                        float below) {                                             \
    addRectified(a, b, y, n, above, below);                                                        \
  }                                                                                                \
  extern "C" __global__ void function_##NAME(const T *x, T *y, int n, int kind, float alpha) {     \
    function(x, y, n, kind, alpha);                                                                \
  }                                                                                                \
  extern "C" __global__ void function_gradient_##NAME(const T *known, const T *dy, T *dx, int n,   \
                                                      int kind, float alpha) {                     \
    functionGradient(known, dy, dx, n, kind, alpha);                                               \
  }                                                                                                \
  extern "C" __global__ void copy_channels_##NAME(const T *from, int fromChannels, int fromFirst,  \
                                                  T *to, int toChannels, int toFirst,              \
                                                  int channels, int n) {                           \
    copyChannels(from, fromChannels, fromFirst, to, toChannels, toFirst, channels, n);             \
  }                                                                                                \
  extern "C" __global__ void scale_channels_##NAME(const T *x, const T *factors, T *y, int n,      \
                                                   int channels, int plane) {                      \
    scaleChannels(x, factors, y, n, channels, plane);                                              \
  }                                                                                                \
  extern "C" __global__ void scale_channels_gradient_##NAME(const T *x, const T *dy, T *factors,   \
                                                            int n, int channels, int plane) {      \
    scaleChannelsGradient(x, dy, factors, n, channels, plane);                                     \
  }                                                                                                \
  extern "C" __global__ void maximum_##NAME(const T *a, const T *b, T *y, int n) {                 \
    maximum(a, b, y, n);                                                                           \
  }                                                                                                \
  extern "C" __global__ void maximum_gradient_##NAME(const T *x, const T *y, const T *rest, T *dx, \
                                                     T *left, int n) {                             \
    maximumGradient(x, y, rest, dx, left, n);                                                      \
  }                                                                                                \
  extern "C" __global__ void prelu_##NAME(const T *x, const float *slopes, T *y, int n,            \
                                          int channels) {                                          \
    prelu(x, slopes, y, n, channels);                                                              \
  }                                                                                                \
  extern "C" __global__ void prelu_gradient_##NAME(const T *x, const float *slopes, const T *dy,   \
                                                   T *dx, T *ofSlope, int n, int channels) {       \
    preluGradient(x, slopes, dy, dx, ofSlope, n, channels);                                        \
  }

KERNELS(float, f32)
KERNELS(bfloat16, bf16)
