// Kernels for the tests of the simulation: what is computed with registers.

extern "C" __global__ void singles(const float* x, const float* y, float* z, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) {
    return;
  }
  float a = x[i];
  float b = y[i];
  float* to = z + 16 * i;
  to[0] = a + b;
  to[1] = a - b;
  to[2] = a * b;
  to[3] = a / b;
  to[4] = fmaf(a, b, 1.5f);
  to[5] = sqrtf(a);
  to[6] = fminf(a, b);
  to[7] = fmaxf(a, b);
  to[8] = floorf(a);
  to[9] = ceilf(a);
  to[10] = rintf(a);
  to[11] = truncf(a);
  to[12] = fabsf(a);
  to[13] = copysignf(a, b);
  to[14] = a > b ? 1.0f : a == b ? 2.0f : a != a ? 3.0f : 4.0f;
  to[15] = a * b + a;
}

extern "C" __global__ void functions(const float* x, float* z, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) {
    return;
  }
  float a = x[i];
  float* to = z + 8 * i;
  to[0] = expf(a);
  to[1] = logf(fabsf(a));
  to[2] = tanhf(a);
  to[3] = rsqrtf(fabsf(a));
  to[4] = log1pf(fabsf(a));
  to[5] = powf(fabsf(a), 0.75f);
  to[6] = erff(a);
  to[7] = 1.0f / (1.0f + expf(-a));
}

extern "C" __global__ void doubles(const double* x, const double* y, double* z, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) {
    return;
  }
  double a = x[i];
  double b = y[i];
  double* to = z + 8 * i;
  to[0] = a + b;
  to[1] = a - b;
  to[2] = a * b;
  to[3] = a / b;
  to[4] = fma(a, b, 1.5);
  to[5] = sqrt(fabs(a));
  to[6] = fmin(a, b);
  to[7] = (double)(float)a;
}

extern "C" __global__ void doubleFunctions(const double* x, double* z, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) {
    return;
  }
  double a = x[i];
  z[3 * i] = exp(a);
  z[3 * i + 1] = log(fabs(a));
  z[3 * i + 2] = sin(a);
}

extern "C" __global__ void integers(const int* x, const int* y, int* z, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) {
    return;
  }
  int a = x[i];
  int b = y[i];
  unsigned int u = a;
  unsigned int v = b;
  int* to = z + 20 * i;
  to[0] = a + b;
  to[1] = a * b;
  to[2] = b == 0 ? 0 : a / b;
  to[3] = b == 0 ? 0 : a % b;
  to[4] = v == 0 ? 0 : u / v;
  to[5] = v == 0 ? 0 : u % v;
  to[6] = __mulhi(a, b);
  to[7] = __umulhi(u, v);
  to[8] = a << (b & 31);
  to[9] = a >> (b & 31);
  to[10] = u >> (v & 31);
  to[11] = min(a, b);
  to[12] = max(u, v);
  to[13] = __popc(a);
  to[14] = __clz(a);
  to[15] = __brev(a);
  to[16] = (u << 7) | (u >> 25);
  to[17] = (a & b) ^ (~a | b);
  to[18] = u < v ? 1 : 0;
  to[19] = abs(a);
}

extern "C" __global__ void longs(const long long* x, const long long* y, long long* z, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) {
    return;
  }
  long long a = x[i];
  long long b = y[i];
  unsigned long long u = a;
  unsigned long long v = b;
  long long* to = z + 8 * i;
  to[0] = a * b + a;
  to[1] = b == 0 ? 0 : a / b;
  to[2] = v == 0 ? 0 : u % v;
  to[3] = __mul64hi(a, b);
  to[4] = __umul64hi(u, v);
  to[5] = u >> (v & 63);
  to[6] = a >> (v & 63);
  to[7] = u < v ? __popcll(u) : __clzll(v);
}

extern "C" __global__ void conversions(const double* x, long long* z, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) {
    return;
  }
  double a = x[i];
  float f = (float)a;
  long long* to = z + 12 * i;
  to[0] = (int)f;
  to[1] = (unsigned int)f;
  to[2] = (long long)f;
  to[3] = (long long)a;
  to[4] = (int)a;
  to[5] = __float2int_rn(f);
  to[6] = __float2int_rd(f);
  to[7] = (signed char)(int)f;
  to[8] = (unsigned short)(int)f;
  to[9] = __float_as_int((float)(long long)a);
  to[10] = __double_as_longlong((double)(unsigned int)(long long)a);
  to[11] = __float_as_int(__double2float_rz(a));
}
