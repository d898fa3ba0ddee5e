// Dropout and noise, from keys: the masks of KeyedDropout, to the bit where nothing but bits
// decides, and to the rounding of its functions where noise is normal.
#include "values.cuh"

/** As KeyedRandom.mix. */
__device__ __forceinline__ unsigned long long mix(unsigned long long value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

enum Form { INVERTED, ORIGINAL, ALPHA, GAUSSIAN, ADDED };

enum Grain { VALUE, CHANNEL, IMAGE };

#define ALPHA_LIMIT (-1.0507009873554805 * 1.6732632423543772)

/**
 * How values are dropped.
 *
 * keep: the probability; kept: what values are multiplied by that are kept; number: of the mask
 * among those of its keys.
 */
struct Dropping {
  double keep;
  double kept;
  int form;
  int grain;
  int number;
  int keyCount;
};

/** The cosine of a share of a turn, in [0, 1). */
__device__ __forceinline__ double cosineOfTurn(double turn) {
  double quarters = 4 * turn;
  int quarter = (int)(quarters + 0.5);
  double x = (quarters - quarter) * 1.5707963267948966;
  double z = x * x;
  // Polynomials of fdlibm's kernels, for at most an eighth of a turn.
  double sine =
      x + x * z * (-1.66666666666666324348e-01 +
                   z * (8.33333333332248946124e-03 +
                        z * (-1.98412698298579493134e-04 +
                             z * (2.75573137070700676789e-06 +
                                  z * (-2.50507602534068634195e-08 +
                                       z * 1.58969099521155010221e-10)))));
  double cosine =
      1 - 0.5 * z +
      z * z * (4.16666666666666019037e-02 +
               z * (-1.38888888888741095749e-03 +
                    z * (2.48015872894767294178e-05 +
                         z * (-2.75573143513906633035e-07 +
                              z * (2.08757232129817482790e-09 +
                                   z * -1.13596475577881948265e-11)))));
  switch (quarter & 3) {
  case 0: return cosine;
  case 1: return -sine;
  case 2: return -cosine;
  default: return sine;
  }
}

/** A normal number, from two uniform ones (Box and Muller 1958). */
__device__ __forceinline__ double noise(unsigned long long bits, double keep) {
  const double unit = 1.0 / 4294967296.0;
  double distance = sqrt(-2 * log(((double)(bits >> 32) + 0.5) * unit));
  return sqrt((1 - keep) / keep) * distance * cosineOfTurn((double)(bits & 0xffffffffULL) * unit);
}

__device__ __forceinline__ float factor(const Dropping &dropping, unsigned long long bits) {
  if (dropping.form == GAUSSIAN) {
    return (float)(1 + noise(bits, dropping.keep));
  }
  if (dropping.form == ADDED) {
    return 1;
  }
  long long threshold = (long long)(dropping.keep * 4294967296.0);
  return (long long)(bits >> 32) < threshold ? (float)dropping.kept : 0;
}

__device__ __forceinline__ float summand(
    const Dropping &dropping, unsigned long long bits, float mask) {
  if (dropping.form == ALPHA) {
    return (float)(dropping.kept * ALPHA_LIMIT * dropping.keep - ALPHA_LIMIT * mask);
  }
  return dropping.form == ADDED ? (float)noise(bits, dropping.keep) : 0;
}

/** The bits of the i-th of some draws, which are dealt to the keys in equal rows. */
__device__ __forceinline__ unsigned long long draw(
    const Dropping &dropping, const unsigned long long *keys, int draws, int i) {
  int length = draws / dropping.keyCount;
  return mix(mix(keys[i / length] + (long long)dropping.number) + i % length);
}

/** y = x × mask + shift; of a gradient, without the shift. */
template <class T>
__device__ __forceinline__ void drop(
    const T *x, T *y, const unsigned long long *keys, int n, int channels, int plane,
    Dropping dropping, int isGradient) {
  int images = n / channels / plane;
  FOR_VALUES(i, n) {
    int channel = i % channels;
    int pixel = i / channels % plane;
    int image = i / channels / plane;
    int place = image;
    int draws = images;
    if (dropping.grain != IMAGE) {
      place = place * channels + channel;
      draws *= channels;
    }
    if (dropping.grain == VALUE) {
      place = place * plane + pixel;
      draws *= plane;
    }
    unsigned long long bits = draw(dropping, keys, draws, place);
    float mask = factor(dropping, bits);
    float shift = isGradient ? 0 : summand(dropping, bits, mask);
    assign(y + i, toFloat(x[i]) * mask + shift);
  }
}

extern "C" __global__ void drop_f32(
    const float *x, float *y, const unsigned long long *keys, int n, int channels, int plane,
    Dropping dropping, int isGradient) {
  drop(x, y, keys, n, channels, plane, dropping, isGradient);
}

extern "C" __global__ void drop_bf16(
    const bfloat16 *x, bfloat16 *y, const unsigned long long *keys, int n, int channels, int plane,
    Dropping dropping, int isGradient) {
  drop(x, y, keys, n, channels, plane, dropping, isGradient);
}

/** Weights, axes [filter, pixel, channel], times a mask of axes [filter, channel, pixel]. */
extern "C" __global__ void drop_weights(
    const float *from, float *to, const unsigned long long *keys, int n, int channels, int plane,
    Dropping dropping) {
  FOR_VALUES(i, n) {
    int filter = i / channels / plane;
    int place = (filter * channels + i % channels) * plane + i / channels % plane;
    unsigned long long bits = draw(dropping, keys, n, place);
    to[i] = from[i] * factor(dropping, bits);
  }
}
