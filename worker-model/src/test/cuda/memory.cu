// Kernels for the tests of the simulation: memory, barriers and loops.

// Sums of 256 values each, as halves of a block are added to each other.
extern "C" __global__ void blockSums(const float* x, float* sums, int count) {
  __shared__ float shared[256];
  int i = blockIdx.x * 256 + threadIdx.x;
  shared[threadIdx.x] = i < count ? x[i] : 0.0f;
  __syncthreads();
  for (int half = 128; half > 0; half /= 2) {
    if (threadIdx.x < half) {
      shared[threadIdx.x] += shared[threadIdx.x + half];
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = shared[0];
  }
}

// The same without the barriers.
extern "C" __global__ void unorderedSums(const float* x, float* sums, int count) {
  __shared__ float shared[256];
  int i = blockIdx.x * 256 + threadIdx.x;
  shared[threadIdx.x] = i < count ? x[i] : 0.0f;
  if (threadIdx.x < 128) {
    shared[threadIdx.x] += shared[threadIdx.x + 128];
  }
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = shared[0];
  }
}

// Sums of 32 values each, by registers that a warp hands on.
extern "C" __global__ void warpSums(const float* x, float* sums) {
  float sum = x[blockIdx.x * blockDim.x + threadIdx.x];
  for (int half = 16; half > 0; half /= 2) {
    sum += __shfl_xor_sync(0xFFFFFFFFu, sum, half);
  }
  float first = __shfl_down_sync(0xFFFFFFFFu, sum, 1);
  if (threadIdx.x % 32 == 0) {
    sums[(blockIdx.x * blockDim.x + threadIdx.x) / 32] = first;
  }
}

// Reverses rows with shared memory whose size the launch gives.
extern "C" __global__ void reverseRows(int* rows) {
  extern __shared__ int row[];
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  row[threadIdx.x] = rows[i];
  __syncthreads();
  rows[i] = row[blockDim.x - 1 - threadIdx.x];
}

struct Rectangle {
  int left;
  short top;
  unsigned char width;
  double scale;
};

// Bytes to floats, scaled; results of bfloat16, rounded to even.
extern "C" __global__ void bytesToHalves(
    const unsigned char* bytes, const float* means, unsigned short* halves, Rectangle r, int count) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
    float value = (float)((bytes[i] - means[i % 3]) * r.scale) + r.left + r.top * r.width;
    unsigned int bits = __float_as_uint(value);
    halves[i] = (unsigned short)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
  }
}

// Four values at once.
extern "C" __global__ void scaleFours(float4* x, float factor, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    float4 v = x[i];
    x[i] = make_float4(v.x * factor, v.y * factor, v.z * factor, v.w * factor);
  }
}

// Sorts eight values a thread in memory of its own.
extern "C" __global__ void sortEights(int* x, int turn) {
  int own[8];
  int* from = x + 8 * (blockIdx.x * blockDim.x + threadIdx.x);
  for (int i = 0; i < 8; i++) {
    own[(i + turn) & 7] = from[i];
  }
  for (int i = 1; i < 8; i++) {
    int value = own[i];
    int j = i;
    while (j > 0 && own[j - 1] > value) {
      own[j] = own[j - 1];
      j--;
    }
    own[j] = value;
  }
  for (int i = 0; i < 8; i++) {
    from[i] = own[i];
  }
}

// A hash by multiplications of 64 bits, as a keyed random number is made.
extern "C" __global__ void hashes(unsigned long long seed, unsigned long long* to, int rounds) {
  unsigned long long i = blockIdx.x * blockDim.x + threadIdx.x;
  unsigned long long state = seed + i * 0x9E3779B97F4A7C15ull;
  for (int round = 0; round < rounds; round++) {
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9ull;
    state = (state ^ (state >> 27)) * 0x94D049BB133111EBull;
    state ^= state >> 31;
  }
  to[i] = state;
}

__constant__ int table[5] = {3, 1, 4, 1, -5};

// Chooses by a table, and by a number that each thread has another of.
extern "C" __global__ void choices(const int* x, int* z) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  int result;
  switch (x[i]) {
    case 0: result = table[i % 5]; break;
    case 1: result = x[i + 1] * 7; break;
    case 2: result = -i; break;
    case 3: result = i * i; break;
    case 4: result = 11 / (i + 1); break;
    case 5: result = i ^ 0x55; break;
    default: result = -1; break;
  }
  z[i] = result;
}
