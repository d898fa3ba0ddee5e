// What all kernels share. Tensors are packed, with axes [image, row, column, channel]; a tensor of
// rows and columns has one row for each pixel of each image, and one column for each channel.
// Values are float32 or bfloat16; all arithmetic is in float32 or float64. Work is dealt to threads
// by position alone, and sums are taken in an order that follows from the extents: the same
// arguments give the same bits. No kernel uses what is newer than compute capability 5.0.
#pragma once

/** The upper half of a float. */
struct bfloat16 {
  unsigned short bits;
};

__device__ __forceinline__ float toFloat(float value) { return value; }

__device__ __forceinline__ float toFloat(bfloat16 value) {
  return __uint_as_float((unsigned)value.bits << 16);
}

__device__ __forceinline__ unsigned short upperHalf(float value) {
  unsigned bits = __float_as_uint(value);
  bool isNumber = (bits & 0x7fffffffu) <= 0x7f800000u;
  // To the nearest, and to the even one of two that are as near.
  unsigned rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  return (unsigned short)(isNumber ? rounded : (bits >> 16) | 0x40u);
}

__device__ __forceinline__ void assign(float *to, float value) { *to = value; }

__device__ __forceinline__ void assign(bfloat16 *to, float value) { to->bits = upperHalf(value); }

/** How many values 16 bytes hold, which is what a thread reads at once. */
template <class T> struct Pack {
  static const int SIZE = 16 / sizeof(T);
};

__device__ __forceinline__ void readPack(const float *from, float *values) {
  float4 pack = *reinterpret_cast<const float4 *>(from);
  values[0] = pack.x;
  values[1] = pack.y;
  values[2] = pack.z;
  values[3] = pack.w;
}

__device__ __forceinline__ void readPack(const bfloat16 *from, float *values) {
  uint4 pack = *reinterpret_cast<const uint4 *>(from);
  unsigned pairs[4] = {pack.x, pack.y, pack.z, pack.w};
#pragma unroll
  for (int i = 0; i < 4; i++) {
    values[2 * i] = __uint_as_float(pairs[i] << 16);
    values[2 * i + 1] = __uint_as_float(pairs[i] & 0xffff0000u);
  }
}

__device__ __forceinline__ void writePack(float *to, const float *values) {
  *reinterpret_cast<float4 *>(to) = make_float4(values[0], values[1], values[2], values[3]);
}

__device__ __forceinline__ void writePack(bfloat16 *to, const float *values) {
  unsigned pairs[4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    pairs[i] = (unsigned)upperHalf(values[2 * i]) | ((unsigned)upperHalf(values[2 * i + 1]) << 16);
  }
  *reinterpret_cast<uint4 *>(to) = make_uint4(pairs[0], pairs[1], pairs[2], pairs[3]);
}

/** Reads a pack of a tensor of n values; 0 behind the last one. */
template <class T> __device__ __forceinline__ void load(const T *from, int at, int n, float *values) {
  if (at + Pack<T>::SIZE <= n) {
    readPack(from + at, values);
  } else {
#pragma unroll
    for (int i = 0; i < Pack<T>::SIZE; i++) {
      values[i] = at + i < n ? toFloat(from[at + i]) : 0;
    }
  }
}

/** Writes a pack of a tensor of n values. */
template <class T> __device__ __forceinline__ void store(T *to, int at, int n, const float *values) {
  if (at + Pack<T>::SIZE <= n) {
    writePack(to + at, values);
  } else {
#pragma unroll
    for (int i = 0; i < Pack<T>::SIZE; i++) {
      if (at + i < n) {
        assign(to + at + i, values[i]);
      }
    }
  }
}

/** Every thread's packs of n values in turn: `at` is the first value's position. */
#define FOR_PACKS(T, at, n)                                                                        \
  for (int at = (blockIdx.x * blockDim.x + threadIdx.x) * Pack<T>::SIZE; at < n;                   \
       at += gridDim.x * blockDim.x * Pack<T>::SIZE)

/** Every thread's values of n in turn. */
#define FOR_VALUES(at, n)                                                                          \
  for (int at = blockIdx.x * blockDim.x + threadIdx.x; at < n; at += gridDim.x * blockDim.x)

/** Adds up one number of each thread of a block of 256; all threads get the sum. */
template <class S> __device__ __forceinline__ S blockSum(S value, S *shared) {
  int thread = threadIdx.x;
  shared[thread] = value;
  __syncthreads();
  for (int half = 128; half > 0; half >>= 1) {
    if (thread < half) {
      shared[thread] += shared[thread + half];
    }
    __syncthreads();
  }
  S sum = shared[0];
  __syncthreads();
  return sum;
}
