// Batch normalisation (Ioffe and Szegedy 2015), group normalisation (Wu and He 2018), local
// response normalisation (Krizhevsky, Sutskever and Hinton 2012), and gradients of biases.
#include "columns.cuh"

/** Sums of x - k and of its square, where k is the first row: they do not cancel. */
template <class T, int WIDTH>
__device__ __forceinline__ void statistics(const T *x, int rows, int columns, float *strips) {
  sumStrip<WIDTH, 2>(rows, columns, strips, [=](int row, int column, float *sums) {
    float first[WIDTH];
    float values[WIDTH];
    loadColumns<T, WIDTH>(x + column, first);
    loadColumns<T, WIDTH>(x + row * columns + column, values);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      float value = values[i] - first[i];
      sums[i] += value;
      sums[WIDTH + i] += value * value;
    }
  });
}

/**
 * Means, and 1 / sqrt(variance + epsilon), of all rows; and what is to be taken off the running
 * ones: a share of their distance.
 */
template <class T>
__device__ __forceinline__ void finishStatistics(
    const T *x, const float *strips, int count, int rows, int columns, float epsilon, float share,
    const float *runningMeans, const float *runningVariances, float *means, float *inverses,
    float *meanChanges, float *varianceChanges) {
  __shared__ double shared[256];
  int column = blockIdx.x * 32 + threadIdx.x;
  double sum = sumOfStrips(strips, count, columns, column, shared);
  double squares = sumOfStrips(strips + count * columns, count, columns, column, shared);
  if (threadIdx.y == 0 && column < columns) {
    double distance = sum / rows;
    double mean = toFloat(x[column]) + distance;
    double variance = squares / rows - distance * distance;
    variance = variance > 0 ? variance : 0;
    means[column] = (float)mean;
    inverses[column] = (float)(1 / sqrt(variance + epsilon));
    meanChanges[column] = share * (runningMeans[column] - (float)mean);
    varianceChanges[column] = share * (runningVariances[column] - (float)variance);
  }
}

/** inverses = 1 / sqrt(variances + epsilon). */
extern "C" __global__ void inverse_deviations(
    const float *variances, float *inverses, int columns, float epsilon) {
  FOR_VALUES(i, columns) { inverses[i] = (float)(1 / sqrt((double)variances[i] + epsilon)); }
}

__device__ __forceinline__ float normalized(
    float x, float mean, float inverse, float scale, float shift) {
  return (x - mean) * (inverse * scale) + shift;
}

/** y = (x - mean) × inverse × scale + shift, and at least 0 if wanted. */
template <class T>
__device__ __forceinline__ void normalize(
    const T *x, const float *means, const float *inverses, const float *scales, const float *shifts,
    T *y, int n, int columns, int relu) {
  float values[Pack<T>::SIZE];
  FOR_PACKS(T, at, n) {
    load(x, at, n, values);
    int c = at % columns;
#pragma unroll
    for (int i = 0; i < Pack<T>::SIZE; i++) {
      float value = normalized(values[i], means[c], inverses[c], scales[c], shifts[c]);
      values[i] = relu ? fmaxf(value, 0) : value;
      c = c + 1 == columns ? 0 : c + 1;
    }
    store(y, at, n, values);
  }
}

/** The gradient behind the relu, if there is one. */
__device__ __forceinline__ float behindRelu(
    float gradient, int relu, float x, float mean, float inverse, float scale, float shift) {
  return relu && normalized(x, mean, inverse, scale, shift) <= 0 ? 0 : gradient;
}

/** Sums of the gradient and of its product with x - mean. */
template <class T, int WIDTH>
__device__ __forceinline__ void gradientSums(
    const T *x, const T *dy, const float *means, const float *inverses, const float *scales,
    const float *shifts, int rows, int columns, int relu, float *strips) {
  sumStrip<WIDTH, 2>(rows, columns, strips, [=](int row, int column, float *sums) {
    float values[WIDTH];
    float gradient[WIDTH];
    loadColumns<T, WIDTH>(x + row * columns + column, values);
    loadColumns<T, WIDTH>(dy + row * columns + column, gradient);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      int c = column + i;
      float g =
          behindRelu(gradient[i], relu, values[i], means[c], inverses[c], scales[c], shifts[c]);
      sums[i] += g;
      sums[WIDTH + i] += g * (values[i] - means[c]);
    }
  });
}

/** The gradients of shifts and scales; coefficients [2, columns] of what statistics cost. */
extern "C" __global__ void finish_gradient_sums(
    const float *strips, int count, int rows, int columns, const float *inverses, float *ofScales,
    float *ofShifts, float *coefficients) {
  __shared__ double shared[256];
  int column = blockIdx.x * 32 + threadIdx.x;
  double sum = sumOfStrips(strips, count, columns, column, shared);
  double product = sumOfStrips(strips + count * columns, count, columns, column, shared);
  if (threadIdx.y == 0 && column < columns) {
    double ofScale = product * inverses[column];
    ofScales[column] = (float)ofScale;
    ofShifts[column] = (float)sum;
    coefficients[column] = (float)(sum / rows);
    coefficients[columns + column] = (float)(ofScale * inverses[column] / rows);
  }
}

/** dx; without coefficients the statistics do not depend on x. */
template <class T>
__device__ __forceinline__ void normalizationGradient(
    const T *x, const T *dy, const float *means, const float *inverses, const float *scales,
    const float *shifts, const float *coefficients, T *dx, int n, int columns, int relu) {
  float values[Pack<T>::SIZE];
  float gradient[Pack<T>::SIZE];
  FOR_PACKS(T, at, n) {
    load(x, at, n, values);
    load(dy, at, n, gradient);
    int c = at % columns;
#pragma unroll
    for (int i = 0; i < Pack<T>::SIZE; i++) {
      float g =
          behindRelu(gradient[i], relu, values[i], means[c], inverses[c], scales[c], shifts[c]);
      if (coefficients != 0) {
        g -= coefficients[c] + (values[i] - means[c]) * coefficients[columns + c];
      }
      gradient[i] = g * (inverses[c] * scales[c]);
      c = c + 1 == columns ? 0 : c + 1;
    }
    store(dx, at, n, gradient);
  }
}

/** Sums of all rows. */
template <class T, int WIDTH>
__device__ __forceinline__ void columnSums(const T *x, int rows, int columns, float *strips) {
  sumStrip<WIDTH, 1>(rows, columns, strips, [=](int row, int column, float *sums) {
    float values[WIDTH];
    loadColumns<T, WIDTH>(x + row * columns + column, values);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      sums[i] += values[i];
    }
  });
}

extern "C" __global__ void finish_column_sums(
    const float *strips, int count, int columns, float *sums) {
  __shared__ double shared[256];
  int column = blockIdx.x * 32 + threadIdx.x;
  double sum = sumOfStrips(strips, count, columns, column, shared);
  if (threadIdx.y == 0 && column < columns) {
    sums[column] = (float)sum;
  }
}

/** Where in an image a group's values lie: `width` channels of every pixel. */
struct Group {
  int first;
  int width;
  int size;
  int channels;

  __device__ Group(int channels, int plane, int groups) {
    width = channels / groups;
    size = width * plane;
    int image = blockIdx.x / groups;
    first = image * channels * plane + blockIdx.x % groups * width;
    this->channels = channels;
  }

  __device__ int at(int i) const { return first + i / width * channels + i % width; }
};

/** Mean and 1 / deviation of each group of each image; a block for each. */
template <class T>
__device__ __forceinline__ void groupStatistics(
    const T *x, float *means, float *inverses, int channels, int plane, int groups, float epsilon) {
  __shared__ double shared[256];
  Group group(channels, plane, groups);
  double sum = 0;
  for (int i = threadIdx.x; i < group.size; i += 256) {
    sum += toFloat(x[group.at(i)]);
  }
  double mean = blockSum(sum, shared) / group.size;
  double squares = 0;
  for (int i = threadIdx.x; i < group.size; i += 256) {
    double distance = toFloat(x[group.at(i)]) - mean;
    squares += distance * distance;
  }
  double variance = blockSum(squares, shared) / group.size;
  if (threadIdx.x == 0) {
    means[blockIdx.x] = (float)mean;
    inverses[blockIdx.x] = (float)(1 / sqrt(variance + epsilon));
  }
}

template <class T>
__device__ __forceinline__ void groupNormalize(
    const T *x, const float *means, const float *inverses, const float *scales, const float *shifts,
    T *y, int n, int channels, int plane, int groups, int relu) {
  FOR_VALUES(i, n) {
    int channel = i % channels;
    int group = i / (channels * plane) * groups + channel / (channels / groups);
    float value =
        normalized(toFloat(x[i]), means[group], inverses[group], scales[channel], shifts[channel]);
    assign(y + i, relu ? fmaxf(value, 0) : value);
  }
}

/** What each value adds to the gradients of its scale and its shift. */
template <class T>
__device__ __forceinline__ void groupTerms(
    const T *x, const T *dy, const float *means, const float *inverses, const float *scales,
    const float *shifts, float *ofScale, float *ofShift, int n, int channels, int plane, int groups,
    int relu) {
  FOR_VALUES(i, n) {
    int channel = i % channels;
    int group = i / (channels * plane) * groups + channel / (channels / groups);
    float value = toFloat(x[i]);
    float g = behindRelu(
        toFloat(dy[i]), relu, value, means[group], inverses[group], scales[channel],
        shifts[channel]);
    ofShift[i] = g;
    ofScale[i] = g * ((value - means[group]) * inverses[group]);
  }
}

/** dx = (g - mean of g - x̂ × mean of g x̂) × inverse, g the gradient times the scale. */
template <class T>
__device__ __forceinline__ void groupGradient(
    const T *x, const float *means, const float *inverses, const float *scales,
    const float *ofScale, const float *ofShift, T *dx, int channels, int plane, int groups) {
  __shared__ double shared[256];
  Group group(channels, plane, groups);
  int firstChannel = blockIdx.x % groups * group.width;
  double sum = 0;
  double product = 0;
  for (int i = threadIdx.x; i < group.size; i += 256) {
    float scale = scales[firstChannel + i % group.width];
    sum += (double)scale * ofShift[group.at(i)];
    product += (double)scale * ofScale[group.at(i)];
  }
  float meanGradient = (float)(blockSum(sum, shared) / group.size);
  float meanProduct = (float)(blockSum(product, shared) / group.size);
  float mean = means[blockIdx.x];
  float inverse = inverses[blockIdx.x];
  for (int i = threadIdx.x; i < group.size; i += 256) {
    int at = group.at(i);
    float g = scales[firstChannel + i % group.width] * ofShift[at];
    float standard = (toFloat(x[at]) - mean) * inverse;
    assign(dx + at, (g - meanGradient - standard * meanProduct) * inverse);
  }
}

/** k + alpha × the sum of squares of neighbouring channels. */
template <class T>
__device__ __forceinline__ float response(
    const T *pixel, int channel, int channels, int size, float k, float alpha) {
  float squares = 0;
  for (int c = max(0, channel - size / 2); c <= min(channels - 1, channel + size / 2); c++) {
    float value = toFloat(pixel[c]);
    squares += value * value;
  }
  return k + alpha * squares;
}

template <class T>
__device__ __forceinline__ void localResponse(
    const T *x, T *y, int n, int channels, int size, float k, float alpha, float beta) {
  FOR_VALUES(i, n) {
    int channel = i % channels;
    float divisor = response(x + i - channel, channel, channels, size, k, alpha);
    assign(y + i, toFloat(x[i]) * powf(divisor, -beta));
  }
}

template <class T>
__device__ __forceinline__ void localResponseGradient(
    const T *x, const T *dy, T *dx, int n, int channels, int size, float k, float alpha,
    float beta) {
  FOR_VALUES(i, n) {
    int channel = i % channels;
    const T *pixel = x + i - channel;
    const T *gradient = dy + i - channel;
    float sum = 0;
    for (int c = max(0, channel - size / 2); c <= min(channels - 1, channel + size / 2); c++) {
      float divisor = response(pixel, c, channels, size, k, alpha);
      sum += toFloat(gradient[c]) * toFloat(pixel[c]) * powf(divisor, -beta - 1);
    }
    float own = response(pixel, channel, channels, size, k, alpha);
    float direct = toFloat(dy[i]) * powf(own, -beta);
    assign(dx + i, direct - 2 * alpha * beta * toFloat(x[i]) * sum);
  }
}

#define COLUMN_KERNELS(T, NAME, WIDTH)                                                             \
  extern "C" __global__ void statistics_##NAME(const T *x, int rows, int columns, float *strips) { \
    statistics<T, WIDTH>(x, rows, columns, strips);                                                \
  }                                                                                                \
  extern "C" __global__ void gradient_sums_##NAME(                                                 \
      const T *x, const T *dy, const float *means, const float *inverses, const float *scales,     \
      const float *shifts, int rows, int columns, int relu, float *strips) {                       \
    gradientSums<T, WIDTH>(x, dy, means, inverses, scales, shifts, rows, columns, relu, strips);   \
  }                                                                                                \
  extern "C" __global__ void column_sums_##NAME(const T *x, int rows, int columns,                 \
                                                float *strips) {                                   \
    columnSums<T, WIDTH>(x, rows, columns, strips);                                                \
  }

#define KERNELS(T, NAME)                                                                           \
  extern "C" __global__ void finish_statistics_##NAME(                                             \
      const T *x, const float *strips, int count, int rows, int columns, float epsilon,            \
      float share, const float *runningMeans, const float *runningVariances, float *means,         \
      float *inverses, float *meanChanges, float *varianceChanges) {                               \
    finishStatistics(x, strips, count, rows, columns, epsilon, share, runningMeans,                \
                     runningVariances, means, inverses, meanChanges, varianceChanges);             \
  }                                                                                                \
  extern "C" __global__ void normalize_##NAME(                                                     \
      const T *x, const float *means, const float *inverses, const float *scales,                  \
      const float *shifts, T *y, int n, int columns, int relu) {                                   \
    normalize(x, means, inverses, scales, shifts, y, n, columns, relu);                            \
  }                                                                                                \
  extern "C" __global__ void normalization_gradient_##NAME(                                        \
      const T *x, const T *dy, const float *means, const float *inverses, const float *scales,     \
      const float *shifts, const float *coefficients, T *dx, int n, int columns, int relu) {       \
    normalizationGradient(x, dy, means, inverses, scales, shifts, coefficients, dx, n, columns,    \
                          relu);                                                                   \
  }                                                                                                \
  extern "C" __global__ void group_statistics_##NAME(const T *x, float *means, float *inverses,    \
                                                     int channels, int plane, int groups,          \
                                                     float epsilon) {                              \
    groupStatistics(x, means, inverses, channels, plane, groups, epsilon);                         \
  }                                                                                                \
  extern "C" __global__ void group_normalize_##NAME(                                               \
      const T *x, const float *means, const float *inverses, const float *scales,                  \
      const float *shifts, T *y, int n, int channels, int plane, int groups, int relu) {           \
    groupNormalize(x, means, inverses, scales, shifts, y, n, channels, plane, groups, relu);       \
  }                                                                                                \
  extern "C" __global__ void group_terms_##NAME(                                                   \
      const T *x, const T *dy, const float *means, const float *inverses, const float *scales,     \
      const float *shifts, float *ofScale, float *ofShift, int n, int channels, int plane,         \
      int groups, int relu) {                                                                      \
    groupTerms(x, dy, means, inverses, scales, shifts, ofScale, ofShift, n, channels, plane,       \
               groups, relu);                                                                      \
  }                                                                                                \
  extern "C" __global__ void group_gradient_##NAME(                                                \
      const T *x, const float *means, const float *inverses, const float *scales,                  \
      const float *ofScale, const float *ofShift, T *dx, int channels, int plane, int groups) {    \
    groupGradient(x, means, inverses, scales, ofScale, ofShift, dx, channels, plane, groups);      \
  }                                                                                                \
  extern "C" __global__ void local_response_##NAME(const T *x, T *y, int n, int channels,          \
                                                   int size, float k, float alpha, float beta) {   \
    localResponse(x, y, n, channels, size, k, alpha, beta);                                        \
  }                                                                                                \
  extern "C" __global__ void local_response_gradient_##NAME(                                       \
      const T *x, const T *dy, T *dx, int n, int channels, int size, float k, float alpha,         \
      float beta) {                                                                                \
    localResponseGradient(x, dy, dx, n, channels, size, k, alpha, beta);                           \
  }

COLUMN_KERNELS(float, f32, 1)
COLUMN_KERNELS(float, f32_packs, 4)
COLUMN_KERNELS(bfloat16, bf16, 1)
COLUMN_KERNELS(bfloat16, bf16_packs, 8)
KERNELS(float, f32)
KERNELS(bfloat16, bf16)
