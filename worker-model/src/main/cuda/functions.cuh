// Functions of one value; KernelCodes.java has their numbers too.
#pragma once

enum Function {
  IDENTITY,
  LINEAR,
  RELU,
  ELU,
  SELU,
  RELU6,
  HARD_TANH,
  HARD_SIGMOID,
  STEP,
  TANH,
  SIGMOID,
  SWISH,
  GELU,
  SOFTPLUS,
  MISH
};

#define SELU_SCALE 1.0507009873554805f
#define SELU_ALPHA 1.6732632423543772f

__device__ __forceinline__ float sigmoid(float x) { return 1 / (1 + expf(-x)); }

__device__ __forceinline__ float softplus(float x) { return fmaxf(x, 0) + log1pf(expf(-fabsf(x))); }

__device__ __forceinline__ float apply(int function, float alpha, float x) {
  switch (function) {
  case LINEAR: return alpha * x;
  case RELU: return x > 0 ? x : alpha * x;
  case ELU: return x > 0 ? x : alpha * expm1f(x);
  case SELU: return SELU_SCALE * (x > 0 ? x : SELU_ALPHA * expm1f(x));
  case RELU6: return fminf(fmaxf(x, 0), 6);
  case HARD_TANH: return fminf(fmaxf(x, -1), 1);
  case HARD_SIGMOID: return fminf(fmaxf(0.2f * x + 0.5f, 0), 1);
  case STEP: return x > 0 ? 1 : 0;
  case TANH: return tanhf(x);
  case SIGMOID: return sigmoid(x);
  case SWISH: return x * sigmoid(alpha * x);
  case GELU: return x * normcdff(x);
  case SOFTPLUS: return softplus(x);
  case MISH: return x * tanhf(softplus(x));
  default: return x;
  }
}

/** The derivative, told from the argument by the last four functions, from the result by the rest. */
__device__ __forceinline__ float slope(int function, float alpha, float known) {
  switch (function) {
  case LINEAR: return alpha;
  case RELU: return known > 0 ? 1 : alpha;
  case ELU: return known > 0 ? 1 : known + alpha;
  case SELU: return known > 0 ? SELU_SCALE : known + SELU_SCALE * SELU_ALPHA;
  case RELU6: return known > 0 && known < 6 ? 1 : 0;
  case HARD_TANH: return known > -1 && known < 1 ? 1 : 0;
  case HARD_SIGMOID: return known > 0 && known < 1 ? 0.2f : 0;
  case STEP: return 0;
  case TANH: return 1 - known * known;
  case SIGMOID: return known * (1 - known);
  case SWISH: {
    float s = sigmoid(alpha * known);
    return s + alpha * known * s * (1 - s);
  }
  case GELU: return normcdff(known) + known * 0.3989422804014327f * expf(-0.5f * known * known);
  case SOFTPLUS: return sigmoid(known);
  case MISH: {
    float t = tanhf(softplus(known));
    return t + known * sigmoid(known) * (1 - t * t);
  }
  default: return 1;
  }
}
