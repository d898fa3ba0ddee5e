// Kernels for the tests of the simulation: what a device ends, or what has no defined result.

extern "C" __global__ void writeAt(int* x, int index) {
  x[index] = 1;
}

extern "C" __global__ void readHalves(const char* x, int offset, int* to) {
  to[0] = *(const int*)(x + offset);
}

extern "C" __global__ void endless(volatile int* x) {
  while (x[0] == 0) {
  }
}

extern "C" __global__ void differentBarriers(int* x) {
  if (threadIdx.x < 7) {
    x[threadIdx.x] = 1;
    __syncthreads();
    x[threadIdx.x] = 2;
  } else {
    __syncthreads();
    x[threadIdx.x] = 3;
  }
}

extern "C" __global__ void divide(int* x, int by) {
  x[0] = x[0] / by;
}

extern "C" __global__ void neighbours(int* x) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  x[i] = x[i + 1];
}
